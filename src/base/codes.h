/// base/codes.h: every error and finding code Candor can print, one row each.
///
/// A code is stable: it never changes its meaning and is never reused. `docs/errors/<code>.md` is its page
/// (`candor explain <code>`); a test holds this list and the pages together.
#pragma once

#include <span>
#include <string_view>

namespace candor {

/// Process exit codes (the values are part of the command line's contract; do not change them).
enum class Exit : int { ok = 0, finding = 1, usage = 2, unreachable = 3, busy = 4, interrupted = 130 };

struct Code {
  std::string_view id;     ///< "C0123"
  std::string_view title;  ///< lower case, without a full stop; the heading of its page
  Exit exit;               ///< what the process exits with when this ends a command
};

namespace codes {
// clang-format off
// C00: usage, configuration, this machine
inline constexpr Code usage                  {"C0001", "the command line is not understood", Exit::usage};
inline constexpr Code config_invalid         {"C0002", "candor.toml cannot be used", Exit::usage};
inline constexpr Code config_unknown_key     {"C0003", "candor.toml has a key that Candor does not know", Exit::usage};
inline constexpr Code file_unreadable        {"C0004", "a file or folder cannot be read", Exit::usage};
inline constexpr Code file_unwritable        {"C0005", "a file or folder cannot be written", Exit::usage};
inline constexpr Code unknown_code           {"C0006", "there is no such code", Exit::usage};
inline constexpr Code command_not_started    {"C0007", "the command after -- cannot be started", Exit::usage};
inline constexpr Code interrupted            {"C0008", "interrupted", Exit::interrupted};
inline constexpr Code internal               {"C0009", "Candor met a state that it does not understand", Exit::finding};
inline constexpr Code already_exists         {"C0010", "a file that would be written exists already", Exit::usage};

// C01: connections and servers
inline constexpr Code unreachable            {"C0101", "the server cannot be reached", Exit::unreachable};
inline constexpr Code login_refused          {"C0102", "the server refused the login", Exit::unreachable};
inline constexpr Code no_such_database       {"C0103", "the database does not exist", Exit::unreachable};
inline constexpr Code bad_url                {"C0104", "the connection string is not understood", Exit::usage};
inline constexpr Code connection_lost        {"C0105", "the connection was lost", Exit::unreachable};
inline constexpr Code server_unsupported     {"C0106", "this PostgreSQL version is not supported", Exit::usage};
inline constexpr Code no_server_binaries     {"C0107", "no PostgreSQL server programs were found", Exit::usage};
inline constexpr Code server_start_failed    {"C0108", "the embedded server did not start", Exit::unreachable};
inline constexpr Code query_failed           {"C0109", "a query failed", Exit::finding};
inline constexpr Code insufficient_rights    {"C0110", "the role lacks a right that is needed", Exit::finding};
inline constexpr Code read_only_server       {"C0111", "the server is read-only", Exit::finding};
inline constexpr Code shadow_disk_full       {"C0112", "the shadow ran out of disk space", Exit::finding};
inline constexpr Code encoding_unsupported   {"C0113", "the database encoding cannot be read as UTF-8", Exit::usage};

// C02: the ledger
inline constexpr Code ledger_damaged         {"C0201", "the ledger does not have the shape it must have", Exit::finding};
inline constexpr Code ledger_newer           {"C0202", "the ledger was written by a newer Candor", Exit::finding};
inline constexpr Code ledger_unknown_version {"C0203", "the ledger records a migration that the history lacks", Exit::finding};
inline constexpr Code ledger_checksum        {"C0204", "an applied migration's file was edited", Exit::finding};
inline constexpr Code runner_busy            {"C0205", "another runner holds the lock", Exit::busy};
inline constexpr Code ledger_race            {"C0206", "another runner changed the ledger meanwhile", Exit::busy};
inline constexpr Code ledger_failed_row      {"C0207", "a migration is recorded as failed", Exit::finding};
inline constexpr Code ledger_missing         {"C0208", "the database has no ledger", Exit::finding};
inline constexpr Code ledger_unexpected_row  {"C0209", "the ledger contains a row that cannot be understood", Exit::finding};
inline constexpr Code ledger_half_done       {"C0210", "a migration is half done", Exit::finding};
inline constexpr Code repeatable_changed     {"C0211", "a repeatable migration has changed since it was applied", Exit::finding};

// C03: migrations on disk
inline constexpr Code history_missing        {"C0301", "the migrations folder was not found", Exit::usage};
inline constexpr Code history_empty          {"C0302", "the migrations folder holds no migration", Exit::finding};
inline constexpr Code duplicate_version      {"C0303", "two migrations have the same version", Exit::finding};
inline constexpr Code unmatched_file         {"C0304", "a file matches no naming rule and would be ignored", Exit::finding};
inline constexpr Code unknown_directive      {"C0305", "a directive is unknown or malformed", Exit::finding};
inline constexpr Code psql_command           {"C0306", "psql meta-commands cannot be run", Exit::finding};
inline constexpr Code invalid_text           {"C0307", "a file is not valid UTF-8 text", Exit::finding};
inline constexpr Code version_gap            {"C0308", "a number is missing from the series", Exit::finding};
inline constexpr Code unterminated           {"C0309", "a quote, comment or COPY block is not closed", Exit::finding};
inline constexpr Code syntax                 {"C0310", "the statement is not valid SQL", Exit::finding};
inline constexpr Code not_analysed           {"C0311", "a statement could not be analysed", Exit::finding};
inline constexpr Code transaction_control    {"C0312", "the file controls transactions itself", Exit::finding};
inline constexpr Code format_unknown         {"C0313", "the format of the migrations folder is not known", Exit::usage};
inline constexpr Code migration_unknown      {"C0314", "there is no such migration", Exit::usage};
inline constexpr Code down_orphan            {"C0315", "a down file has no migration", Exit::finding};
inline constexpr Code empty_migration        {"C0316", "a migration holds no statement", Exit::finding};
inline constexpr Code link_outside           {"C0317", "a migration is a link to a file elsewhere", Exit::finding};
inline constexpr Code outside_transaction    {"C0318", "a statement cannot run in a transaction", Exit::ok};
inline constexpr Code placeholder_unknown    {"C0319", "a placeholder in a file has no value", Exit::finding};
inline constexpr Code journal_unusable       {"C0320", "the tool's own list of migrations cannot be used", Exit::finding};
inline constexpr Code not_listed             {"C0321", "a migration file is not in the tool's list", Exit::finding};
inline constexpr Code listed_missing         {"C0322", "a listed migration has no file", Exit::finding};
inline constexpr Code would_be_skipped       {"C0323", "the tool would skip a migration without a word", Exit::finding};
inline constexpr Code snapshot_chain         {"C0324", "a snapshot is missing or does not follow the one before it", Exit::finding};
inline constexpr Code list_disorder          {"C0325", "the tool's list of migrations is out of step", Exit::finding};
inline constexpr Code not_sql                {"C0326", "a migration is not SQL", Exit::finding};
inline constexpr Code not_supported          {"C0327", "a file asks for what Candor does not run", Exit::finding};
inline constexpr Code ends_transaction       {"C0328", "a file ends the transaction that its tool opened", Exit::finding};
inline constexpr Code breakpoint_misplaced   {"C0329", "a statement breakpoint cuts a statement in two", Exit::finding};
inline constexpr Code sum_mismatch           {"C0330", "a file does not match the sum that the tool keeps of it", Exit::finding};
inline constexpr Code two_tools              {"C0331", "two tools' files are in one folder", Exit::finding};
inline constexpr Code sections_malformed     {"C0332", "a file's sections are malformed", Exit::finding};
inline constexpr Code listed_twice           {"C0333", "a migration is listed twice", Exit::finding};
inline constexpr Code no_way_back            {"C0334", "a migration lacks the way back that the others have", Exit::finding};
inline constexpr Code order_varies           {"C0335", "the order depends on the version of the tool", Exit::finding};
inline constexpr Code no_such_time           {"C0336", "a version looks like a time and is none", Exit::ok};

// C04: the lock file
inline constexpr Code lock_missing           {"C0401", "there is no lock file", Exit::finding};
inline constexpr Code lock_malformed         {"C0402", "the lock file is not well-formed", Exit::finding};
inline constexpr Code lock_tampered          {"C0403", "the lock file was changed by hand", Exit::finding};
inline constexpr Code lock_newer             {"C0404", "the lock file was written by a newer Candor", Exit::finding};
inline constexpr Code lock_conflict          {"C0405", "the lock file holds merge conflict markers", Exit::finding};
inline constexpr Code lock_stale             {"C0406", "the lock file does not match the migrations", Exit::finding};
inline constexpr Code lock_merged            {"C0407", "two branches' migrations were put together", Exit::finding};
inline constexpr Code file_edited            {"C0408", "a migration was edited after it was locked", Exit::finding};
inline constexpr Code migration_not_locked   {"C0409", "a migration is not in the lock file", Exit::finding};
inline constexpr Code migration_removed      {"C0410", "a locked migration's file is gone", Exit::finding};
inline constexpr Code replay_failed          {"C0411", "a migration failed in the shadow", Exit::finding};
inline constexpr Code extension_missing      {"C0412", "the shadow lacks an extension", Exit::finding};
inline constexpr Code shadow_setup_failed    {"C0413", "the shadow's setup file failed", Exit::finding};
inline constexpr Code role_created           {"C0414", "a role was created in the shadow", Exit::ok};
inline constexpr Code effects_changed        {"C0415", "an edited migration has other effects than before", Exit::finding};
inline constexpr Code not_repeatable         {"C0416", "a repeatable migration cannot run twice", Exit::finding};

// C05: applying
inline constexpr Code statement_failed       {"C0501", "a migration's statement failed", Exit::finding};
inline constexpr Code effects_differ         {"C0502", "the catalog is not what the migration is known to produce", Exit::finding};
inline constexpr Code expectation_false      {"C0503", "a data assertion does not hold", Exit::finding};
inline constexpr Code lock_timeout           {"C0504", "a lock was not obtained in time", Exit::finding};
inline constexpr Code commit_lost            {"C0505", "the connection broke during COMMIT and the migration was not applied", Exit::finding};
inline constexpr Code commit_unknown         {"C0506", "the connection broke during COMMIT and the outcome is unknown", Exit::finding};
inline constexpr Code out_of_order           {"C0507", "a pending migration is older than the last applied one", Exit::finding};
inline constexpr Code resume_refused         {"C0508", "a half-done migration's file was edited", Exit::finding};
inline constexpr Code drift_in_the_way       {"C0509", "the database differs where pending migrations would change it", Exit::finding};
inline constexpr Code ledger_destroyed       {"C0510", "a migration removed or changed the ledger", Exit::finding};
inline constexpr Code not_single_transaction {"C0511", "a pending migration cannot run in a single transaction", Exit::usage};
inline constexpr Code statement_timeout      {"C0512", "a statement ran longer than allowed", Exit::finding};
inline constexpr Code copy_failed            {"C0513", "inline COPY data was refused", Exit::finding};

// C06: comparing
inline constexpr Code drift                  {"C0601", "the database differs from its history", Exit::finding};
inline constexpr Code unproven               {"C0602", "the database could not be compared completely", Exit::finding};
inline constexpr Code not_readable           {"C0603", "a catalog may not be read", Exit::finding};
inline constexpr Code pending                {"C0604", "migrations are pending", Exit::finding};
inline constexpr Code column_order           {"C0605", "columns are in another physical order", Exit::ok};
inline constexpr Code ahead                  {"C0606", "an object is present ahead of its migration", Exit::ok};

// C07: where a database stands, and what makes it true
inline constexpr Code not_recorded           {"C0701", "a migration is in the database and not in the ledger", Exit::finding};
inline constexpr Code recorded_absent        {"C0702", "the ledger records a migration that the database lacks", Exit::finding};
inline constexpr Code no_version_fits        {"C0703", "the database is no version of its history", Exit::finding};
inline constexpr Code partly_present         {"C0704", "a migration is in the database in part", Exit::finding};
inline constexpr Code contradicted           {"C0705", "a migration is contradicted by the database", Exit::finding};
inline constexpr Code ambiguous_version      {"C0706", "several versions have the catalog of this database", Exit::ok};
inline constexpr Code unexplained            {"C0707", "an object belongs to no migration", Exit::finding};
inline constexpr Code baseline_refused       {"C0708", "the baseline would record what is not proven", Exit::finding};
inline constexpr Code no_such_relation       {"C0709", "there is no such table, neither in the history nor in the database", Exit::usage};
inline constexpr Code needs_value            {"C0710", "a missing column needs a value for the rows that are there", Exit::finding};
inline constexpr Code needs_allow_drop       {"C0711", "the change would remove something and was not allowed to", Exit::finding};
inline constexpr Code cast_fails             {"C0712", "values do not survive a correction of their type", Exit::finding};
inline constexpr Code plan_unproven          {"C0713", "the plan could not be proven", Exit::finding};
inline constexpr Code repair_failed          {"C0714", "a repair did not lead to what it should", Exit::finding};
inline constexpr Code irreversible           {"C0715", "a migration cannot be reverted", Exit::finding};
inline constexpr Code not_confirmed          {"C0716", "data would be lost and this was not confirmed", Exit::finding};
inline constexpr Code round_trip             {"C0717", "a migration's way down does not lead back", Exit::finding};
inline constexpr Code likely_renamed         {"C0718", "what is missing may be there by another name", Exit::finding};

// C08: other tools' ledgers
inline constexpr Code foreign_unreadable     {"C0801", "another tool's ledger cannot be read", Exit::finding};
inline constexpr Code foreign_several        {"C0802", "several tables could be the ledger of this history", Exit::finding};
inline constexpr Code foreign_absent         {"C0803", "another tool records a migration that the database lacks", Exit::finding};
inline constexpr Code foreign_not_recorded   {"C0804", "a migration is in the database and not in its tool's ledger", Exit::finding};
inline constexpr Code foreign_edited         {"C0805", "a file was edited after its tool applied it", Exit::finding};
inline constexpr Code foreign_never_runs     {"C0806", "its tool will never run a migration", Exit::finding};
inline constexpr Code foreign_would_rerun    {"C0807", "its tool would run applied migrations again", Exit::finding};
inline constexpr Code foreign_blocked        {"C0808", "its tool refuses to run", Exit::finding};
inline constexpr Code foreign_unmatched      {"C0809", "a row of another tool's ledger fits no file", Exit::finding};
inline constexpr Code foreign_row_unknown    {"C0810", "a row of another tool's ledger cannot be understood", Exit::finding};
inline constexpr Code foreign_none           {"C0811", "no tool's ledger was found", Exit::finding};
inline constexpr Code adopt_refused          {"C0812", "the database contradicts what would be adopted", Exit::finding};
inline constexpr Code mirror_unsupported     {"C0813", "this tool's rows cannot be written by Candor", Exit::usage};
inline constexpr Code mirror_broken          {"C0814", "the ledger that is mirrored is not as it was", Exit::finding};
inline constexpr Code mending_refused        {"C0815", "another tool's row would tell more than the catalog proves", Exit::finding};
inline constexpr Code foreign_applied        {"C0816", "another tool records what is pending here", Exit::finding};

// C09: recording what a migration program does
inline constexpr Code recording_unreadable   {"C0901", "the record of a server cannot be read", Exit::finding};
inline constexpr Code nothing_recorded       {"C0902", "no migration was recorded", Exit::finding};
inline constexpr Code not_recordable         {"C0903", "something that a program did cannot be recorded", Exit::finding};
inline constexpr Code capture_broke_off      {"C0904", "the program broke off in a migration", Exit::finding};
inline constexpr Code capture_differs        {"C0905", "the captured files do not make what the program made", Exit::finding};
inline constexpr Code failure_passed_over    {"C0906", "a statement failed and the program went on", Exit::ok};
inline constexpr Code rows_differ            {"C0907", "rows differ from those that the program wrote", Exit::finding};
inline constexpr Code folder_in_use          {"C0908", "the folder holds other files", Exit::usage};
// clang-format on
}  // namespace codes

/// All rows above, in order of their ids.
std::span<const Code> all_codes();

/// The row of `id` ("C0123", any case), or nullptr.
const Code* find_code(std::string_view id);

}  // namespace candor
