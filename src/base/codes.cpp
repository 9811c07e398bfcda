#include "base/codes.h"

#include <array>

namespace candor {

namespace {

using namespace codes;

/// Every constant of codes.h, in order. A unit test reads codes.h and compares: a row that is missing here,
/// or out of order, fails it.
constexpr std::array rows = {
    // C00
    usage,
    config_invalid,
    config_unknown_key,
    file_unreadable,
    file_unwritable,
    unknown_code,
    command_not_started,
    interrupted,
    internal,
    already_exists,
    // C01
    unreachable,
    login_refused,
    no_such_database,
    bad_url,
    connection_lost,
    server_unsupported,
    no_server_binaries,
    server_start_failed,
    query_failed,
    insufficient_rights,
    read_only_server,
    shadow_disk_full,
    encoding_unsupported,
    // C02
    ledger_damaged,
    ledger_newer,
    ledger_unknown_version,
    ledger_checksum,
    runner_busy,
    ledger_race,
    ledger_failed_row,
    ledger_missing,
    ledger_unexpected_row,
    ledger_half_done,
    repeatable_changed,
    // C03
    history_missing,
    history_empty,
    duplicate_version,
    unmatched_file,
    unknown_directive,
    psql_command,
    invalid_text,
    version_gap,
    unterminated,
    syntax,
    not_analysed,
    transaction_control,
    format_unknown,
    migration_unknown,
    down_orphan,
    empty_migration,
    link_outside,
    outside_transaction,
    placeholder_unknown,
    journal_unusable,
    not_listed,
    listed_missing,
    would_be_skipped,
    snapshot_chain,
    list_disorder,
    not_sql,
    not_supported,
    ends_transaction,
    breakpoint_misplaced,
    sum_mismatch,
    two_tools,
    sections_malformed,
    listed_twice,
    no_way_back,
    order_varies,
    no_such_time,
    // C04
    lock_missing,
    lock_malformed,
    lock_tampered,
    lock_newer,
    lock_conflict,
    lock_stale,
    lock_merged,
    file_edited,
    migration_not_locked,
    migration_removed,
    replay_failed,
    extension_missing,
    shadow_setup_failed,
    role_created,
    effects_changed,
    not_repeatable,
    // C05
    statement_failed,
    effects_differ,
    expectation_false,
    lock_timeout,
    commit_lost,
    commit_unknown,
    out_of_order,
    resume_refused,
    drift_in_the_way,
    ledger_destroyed,
    not_single_transaction,
    statement_timeout,
    copy_failed,
    // C06
    drift,
    unproven,
    not_readable,
    pending,
    column_order,
    ahead,
    // C07
    not_recorded,
    recorded_absent,
    no_version_fits,
    partly_present,
    contradicted,
    ambiguous_version,
    unexplained,
    baseline_refused,
    no_such_relation,
    needs_value,
    needs_allow_drop,
    cast_fails,
    plan_unproven,
    repair_failed,
    irreversible,
    not_confirmed,
    round_trip,
    likely_renamed,
    // C08
    foreign_unreadable,
    foreign_several,
    foreign_absent,
    foreign_not_recorded,
    foreign_edited,
    foreign_never_runs,
    foreign_would_rerun,
    foreign_blocked,
    foreign_unmatched,
    foreign_row_unknown,
    foreign_none,
    adopt_refused,
    mirror_unsupported,
    mirror_broken,
    mending_refused,
    foreign_applied,
    // C09
    recording_unreadable,
    nothing_recorded,
    not_recordable,
    capture_broke_off,
    capture_differs,
    failure_passed_over,
    rows_differ,
    folder_in_use,
};

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool same_id(std::string_view id, std::string_view asked) {
  if (id.size() != asked.size()) return false;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (id[i] != upper(asked[i])) return false;
  }
  return true;
}

}  // namespace

std::span<const Code> all_codes() {
  return rows;
}

const Code* find_code(std::string_view id) {
  for (const Code& code : rows) {
    if (same_id(code.id, id)) return &code;
  }
  return nullptr;
}

}  // namespace candor
