/// tests/integration/kind_changes.h: one change to each attribute of each kind, and the effects that are
/// read.
#pragma once

#include <string_view>

namespace candor::test {

struct KindChange {
  std::string_view name;      ///< of the test
  std::string_view setup;     ///< statements
  std::string_view change;    ///< statements
  std::string_view expected;  ///< lines: "~ kind id: attribute, attribute", "+ kind id", "- kind id"
  int from = 13;              ///< the first major that has it
};

constexpr std::string_view with_server =
    "create foreign data wrapper w; create server s foreign data wrapper w;";
constexpr std::string_view with_pair =
    "create type pair as (a int, b int);"
    "create function lt(pair, pair) returns boolean language sql immutable as 'select $1.a < $2.a';"
    "create function gt(pair, pair) returns boolean language sql immutable as 'select $1.a > $2.a';"
    "create function cmp(pair, pair) returns int language sql immutable as 'select $1.a - $2.a';"
    "create function txt(pair) returns text language sql immutable as 'select $1.a::text';";

constexpr KindChange kind_changes[] = {
    {"foreign_key_switched_off",
     "create table p (id int primary key); create table c (pid int constraint \"o'f $$ \"\"f\" references p)",
     "alter table c disable trigger all", "~ constraint public.c.\"o'f $$ \\\"f\": disabled\n"},
    {"foreign_data_wrapper", "create foreign data wrapper w",
     "alter foreign data wrapper w options (add debug 'x');"
     "comment on foreign data wrapper w is 'c'; grant usage on foreign data wrapper w to pg_monitor",
     "~ foreign_data_wrapper w: options, grants, comment\n"},
    {"foreign_data_wrapper_validator", "create foreign data wrapper w",
     "alter foreign data wrapper w validator postgresql_fdw_validator",
     "~ foreign_data_wrapper w: validator\n"},
    {"foreign_server", with_server,
     "alter server s version '2' options (add host 'a, b', add password 'x'); comment on server s is 'c';"
     "grant usage on foreign server s to public; alter server s owner to pg_monitor",
     "~ foreign_server s: version, options, owner, grants, comment\n"},
    {"foreign_server_type", "create foreign data wrapper w",
     "create server s type 'a' foreign data wrapper w; drop server s; create server s foreign data wrapper w",
     "+ foreign_server s\n"},
    {"user_mapping",
     "create foreign data wrapper w; create server s foreign data wrapper w;"
     "create user mapping for current_user server s options (password 'a')",
     "alter user mapping for current_user server s options (set password 'b');"
     "create user mapping for public server s; create user mapping for pg_monitor server s",
     "~ user_mapping current_user on s: options\n+ user_mapping pg_monitor on s\n+ user_mapping public on s\n"},
    {"foreign_table",
     "create foreign data wrapper w; create server s foreign data wrapper w;"
     "create foreign table f (id int, note text) server s; create table parent (id int, note text)",
     "alter foreign table f options (add name 'x'); alter foreign table f alter note options (add name 'y');"
     "alter foreign table f alter id set not null; alter foreign table f add check (id > 0);"
     "alter foreign table f owner to pg_monitor; grant select on f to public; comment on foreign table f is 'c';"
     "comment on column f.id is 'd'",
     "~ foreign_table public.f: options, owner, grants, comment\n~ column public.f.id: not_null, comment\n"
     "~ column public.f.note: foreign_options\n+ constraint public.f.f_id_check\n"},
    {"foreign_table_parent",
     "create foreign data wrapper w; create server s foreign data wrapper w;"
     "create foreign table f (id int) server s; create table parent (id int)",
     "alter foreign table f inherit parent",
     "~ foreign_table public.f: inherits\n~ column public.f.id: inherited\n"},
    {"foreign_partition",
     "create foreign data wrapper w; create server s foreign data wrapper w;"
     "create foreign table f (id int) server s; create table parent (id int) partition by list (id)",
     "alter table parent attach partition f for values in (1)",
     "~ foreign_table public.f: partition_of, bound\n~ column public.f.id: inherited\n"},
    {"collation", "create collation c from \"C\"",
     "alter collation c owner to pg_monitor; comment on collation c is 'c';"
     "create collation d (provider = icu, locale = 'de', deterministic = false)",
     "~ collation public.c: owner, comment\n+ collation public.d\n"},
    {"collation_locale", "create collation c (lc_collate = 'C', lc_ctype = 'C')",
     "drop collation c; create collation c (lc_collate = 'C', lc_ctype = 'POSIX')",
     "~ collation public.c: ctype\n"},
    {"collation_provider", "create collation c (provider = icu, locale = 'de')",
     "drop collation c; create collation c (provider = icu, locale = 'fr', deterministic = false)",
     "~ collation public.c: locale, nondeterministic\n"},
    {"collation_rules", "create collation c (provider = icu, locale = 'de')",
     "drop collation c; create collation c (provider = icu, locale = 'de', rules = '&a < b')",
     "~ collation public.c: rules\n", 16},
    {"conversion", "create conversion c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
     "drop conversion c; create default conversion c for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;"
     "alter conversion c owner to pg_monitor; comment on conversion c is 'c'",
     "~ conversion public.c: from, to, function, default, owner, comment\n"},
    {"cast", with_pair,
     "create cast (pair as text) with function txt(pair) as assignment; comment on cast (pair as text) is 'c';"
     "create cast (pair as int) with inout as implicit",
     "+ cast (public.pair as integer)\n+ cast (public.pair as text)\n"},
    {"cast_altered",
     "create type pair as (a int); create function txt(pair) returns text language sql immutable as 'select 1::text';"
     "create cast (pair as text) with function txt(pair)",
     "drop cast (pair as text); create cast (pair as text) with inout as implicit; comment on cast (pair as text) is 'c'",
     "~ cast (public.pair as text): function, inout, context, comment\n"},
    {"operator",
     "create type pair as (a int, b int);"
     "create function lt(pair, pair) returns boolean language sql immutable as 'select $1.a < $2.a';"
     "create operator <| (leftarg = pair, rightarg = pair, function = lt)",
     "alter operator <| (pair, pair) set (restrict = scalarltsel, join = scalarltjoinsel);"
     "alter operator <| (pair, pair) owner to pg_monitor; comment on operator <| (pair, pair) is 'c'",
     "~ operator public.\"<|\"(public.pair, public.pair): restrict, join, owner, comment\n"},
    {"operator_links", with_pair,
     "create operator <| (leftarg = pair, rightarg = pair, function = lt, commutator = |>, negator = >=|, hashes,"
     " merges); create operator !@# (rightarg = pair, function = txt)",
     "+ operator public.\"!@#\"(NONE, public.pair)\n+ operator public.\"<|\"(public.pair, public.pair)\n"
     "+ operator public.\">=|\"(public.pair, public.pair)\n+ operator public.\"|>\"(public.pair, public.pair)\n"},
    {"operator_class",
     "create type pair as (a int, b int);"
     "create function lt(pair, pair) returns boolean language sql immutable as 'select $1.a < $2.a';"
     "create function cmp(pair, pair) returns int language sql immutable as 'select $1.a - $2.a';"
     "create operator <| (leftarg = pair, rightarg = pair, function = lt);"
     "create operator |> (leftarg = pair, rightarg = pair, function = lt);"
     "create operator class o for type pair using btree as operator 1 <|, function 1 cmp(pair, pair)",
     "alter operator family o using btree add operator 5 |> (pair, pair);"
     "alter operator class o using btree owner to pg_monitor; comment on operator class o using btree is 'c';"
     "alter operator family o using btree owner to pg_monitor; comment on operator family o using btree is 'c';",
     "~ operator_family public.o using btree: owner, comment\n"
     "~ operator_class public.o using btree: operators, owner, comment\n"},
    {"operator_family", "create operator family o using btree",
     "alter operator family o using btree add operator 1 < (int4, int8), function 1 btint48cmp(int4, int8);"
     "create operator family o using gist",
     "~ operator_family public.o using btree: operators, functions\n+ operator_family public.o using gist\n"},
    {"statistics", "create table t (a int, b int, c int); create statistics s on a, b from t",
     "drop statistics s; create statistics s (mcv) on b, c from t; alter statistics s set statistics 7;"
     "alter statistics s owner to pg_monitor; comment on statistics s is 'c'",
     "~ statistics public.s: columns, kinds, target, owner, comment\n"},
    {"statistics_expressions", "create table t (a int, b int); create statistics s on a, b from t",
     "drop statistics s; create statistics s on a, (b + 1) from t",
     "~ statistics public.s: columns, expressions\n", 15},
    {"text_search_parser",
     "create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes ="
     " prsd_lextype)",
     "drop text search parser p; create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end ="
     " prsd_end, lextypes = prsd_lextype, headline = prsd_headline); comment on text search parser p is 'c'",
     "~ text_search_parser public.p: headline, comment\n"},
    {"text_search_template", "create text search template t (lexize = dsimple_lexize)",
     "drop text search template t; create text search template t (lexize = dsimple_lexize, init = dsimple_init);"
     "comment on text search template t is 'c'",
     "~ text_search_template public.t: init, comment\n"},
    {"text_search_dictionary", "create text search dictionary d (template = simple)",
     "alter text search dictionary d (stopwords = english, accept = false);"
     "alter text search dictionary d owner to pg_monitor; comment on text search dictionary d is 'c'",
     "~ text_search_dictionary public.d: options, owner, comment\n"},
    {"text_search_configuration", "create text search configuration c (copy = simple)",
     "alter text search configuration c alter mapping for asciiword with english_stem, simple;"
     "alter text search configuration c owner to pg_monitor; comment on text search configuration c is 'c'",
     "~ text_search_configuration public.c: mappings, owner, comment\n"},
    {"publication",
     "create table a (id int primary key, b int); create schema x; create publication p for table a",
     "create table b (id int); alter publication p add table b;"
     "alter publication p set (publish = 'insert', publish_via_partition_root = true);"
     "alter publication p owner to postgres; comment on publication p is 'c'",
     "~ publication p: publishes, via_partition_root, tables, comment\n+ table public.b\n+ column public.b.id\n"},
    {"publication_parts",
     "create table a (id int primary key, b int); create schema x; create publication p for table a",
     "alter publication p set table a (id) where (id > 5)", "~ publication p: tables\n", 15},
    {"publication_schemas", "create schema x; create publication p",
     "alter publication p add tables in schema x", "~ publication p: schemas\n", 15},
    {"publication_generated", "create publication p",
     "alter publication p set (publish_generated_columns = stored)", "~ publication p: generated_columns\n",
     18},
    {"publication_all", "create publication p for all tables",
     "drop publication p; create publication p; alter publication p owner to postgres",
     "~ publication p: all_tables\n"},
    {"subscription",
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none)",
     "alter subscription f set publication a, b with (refresh = false); alter subscription f set (slot_name = 'x')",
     "~ subscription f: publications, slot\n"},
    {"subscription_options",
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none)",
     "alter subscription f set (synchronous_commit = 'local', binary = true, streaming = true,"
     " disable_on_error = true); comment on subscription f is 'c'; alter subscription f connection 'host=elsewhere'",
     "~ subscription f: synchronous_commit, binary, streaming, disable_on_error, comment\n", 15},
    {"subscription_rights",
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none)",
     "alter subscription f set (password_required = false, run_as_owner = true, origin = none)",
     "~ subscription f: password_not_required, run_as_owner, origin\n", 16},
    {"event_trigger",
     "create function f() returns event_trigger language plpgsql as 'begin end';"
     "create function g() returns event_trigger language plpgsql as 'begin end';"
     "create event trigger e on sql_drop execute function f()",
     "drop event trigger e; create event trigger e on ddl_command_end when tag in ('CREATE TABLE') execute function"
     " g(); alter event trigger e disable; comment on event trigger e is 'c'",
     "~ event_trigger e: event, function, enabled, tags, comment\n"},
    {"base_type",
     "create type c; create function i(cstring) returns c language internal immutable strict as 'int4in';"
     "create function o(c) returns cstring language internal immutable strict as 'int4out';",
     "create type c (input = i, output = o, internallength = 4, passedbyvalue, alignment = int4, category = 'N',"
     " preferred = true, delimiter = ';', default = '7'); alter type c owner to pg_monitor;"
     "comment on type c is 'c'; revoke usage on type c from public",
     "~ base_type public.c: shell, input, output, length, by_value, alignment, storage, category, preferred, default,"
     " delimiter, owner, grants, comment\n"},
    {"default_privileges",
     "create schema x; alter default privileges in schema x grant select on tables to pg_monitor",
     "alter default privileges in schema x grant insert on tables to pg_monitor;"
     "alter default privileges for role pg_monitor revoke execute on functions from public;"
     "alter default privileges in schema x grant usage on sequences to public",
     "+ default_privileges functions for pg_monitor\n+ default_privileges sequences in x\n"
     "~ default_privileges tables in x: privileges\n"},
    {"language", "create language l handler plpgsql_call_handler",
     "drop language l; create trusted language l handler plpgsql_call_handler inline plpgsql_inline_handler validator"
     " plpgsql_validator; alter language l owner to pg_monitor; revoke usage on language l from public;"
     "comment on language l is 'c'",
     "~ language l: trusted, inline, validator, owner, grants, comment\n"},
    {"transform",
     "create type pair as (a int); create function f(internal) returns pair language internal immutable as 'int4in';"
     "create function g(internal) returns internal language internal immutable as 'int4out';"
     "create transform for pair language plpgsql (to sql with function f(internal))",
     "create or replace transform for pair language plpgsql (from sql with function g(internal));"
     "comment on transform for pair language plpgsql is 'c'",
     "~ transform plpgsql(public.pair): from_sql, to_sql, comment\n"},
    {"access_method", "create access method m type index handler bthandler",
     "drop access method m; create access method m type table handler heap_tableam_handler;"
     "comment on access method m is 'c'",
     "~ access_method m: type, handler, comment\n"},
    {"security_label", "create table t (id int); set allow_system_table_mods = on",
     "insert into pg_seclabel values ('t'::regclass, 'pg_class'::regclass, 0, 'p', 'x'),"
     " ('t'::regclass, 'pg_class'::regclass, 1, 'p', 'x')",
     "+ security_label p(column public.t.id)\n+ security_label p(table public.t)\n"},
    {"view_columns", "create table t (id int, n int); create view v as select id, n from t",
     "alter view v alter id set default 1; grant select (n) on v to pg_monitor; comment on column v.id is 'c'",
     "~ view public.v: column_defaults, grants_on_columns, comments_on_columns\n"},
    {"materialized_view_columns",
     "create table t (id int, s text); create materialized view v as select * from t",
     "alter materialized view v alter id set statistics 7; alter materialized view v alter s set storage external;"
     "alter materialized view v alter id set (n_distinct = 5); grant select (s) on v to public;"
     "comment on column v.id is 'c'",
     "~ materialized_view public.v: column_settings, grants_on_columns, comments_on_columns\n"},
    {"composite_type_fields", "create type pair as (a int, b int)", "comment on column pair.a is 'c'",
     "~ composite_type public.pair: comments_on_fields\n"},
    {"index_statistics", "create table t (id int); create index i on t (id, (id + 1))",
     "alter index i alter column 2 set statistics 9", "~ index public.t.i: statistics\n"},
    {"constraint_index", "create table t (id int primary key)", "comment on index t_pkey is 'c'",
     "~ constraint public.t.t_pkey: comment_on_index\n"},
    {"schema_public", "create table t (id int)", "revoke all on schema public from public",
     "~ schema public: grants\n"},
};

}  // namespace candor::test
