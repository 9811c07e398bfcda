/// tests/integration/alter_servers.h: changes to what reaches beyond the database, to collations, and to whom
/// things belong.
#pragma once

#include "integration/alter_case.h"

namespace candor::test {

constexpr std::string_view two_servers =
    "create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;"
    "create table p (a int) partition by list (a); create table q (a int) partition by list (a);"
    "create table h (a int); create table k (a int);";
constexpr std::string_view two_wrappers = "create foreign data wrapper w; create foreign data wrapper w2;";
constexpr std::string_view wrapper_handlers =
    "create function h() returns fdw_handler language internal as 'int4in';"
    "create function h2() returns fdw_handler language internal as 'int4in';";
constexpr std::string_view event_functions =
    "create function f() returns event_trigger language plpgsql as 'begin end';"
    "create function g() returns event_trigger language plpgsql as 'begin end';";
constexpr std::string_view published =
    "create table a (id int primary key, b int); create table b (id int primary key); create schema x; create schema y;";
constexpr std::string_view plain_subscription =
    "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none)";

/// One of each kind that can be owned or commented on.
constexpr std::string_view one_of_each =
    "create schema app; create extension citext;"
    "create trusted language l handler plpgsql_call_handler; create access method m type index handler bthandler;"
    "create foreign data wrapper w; create server s foreign data wrapper w;"
    "create function ef() returns event_trigger language plpgsql as 'begin end';"
    "create event trigger e on sql_drop execute function ef(); alter event trigger e disable;"
    "create publication pub; create subscription sub connection 'host=nowhere' publication a with (connect = false,"
    " slot_name = none);"
    "create type pair as (a int, b int); create cast (pair as text) with inout;"
    "create function tf(internal) returns pair language internal immutable as 'int4in';"
    "create transform for pair language plpgsql (to sql with function tf(internal));"
    "create collation coll from \"C\"; create conversion conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;"
    "create type base; create function bi(cstring) returns base language internal immutable strict as 'int4in';"
    "create function bo(base) returns cstring language internal immutable strict as 'int4out';"
    "create type base (input = bi, output = bo, internallength = variable);"
    "create type en as enum ('a'); create domain dom as int; create type ran as range (subtype = float8);"
    "create sequence seq; create table t (a int constraint c primary key, b int, constraint chk check (a > 0));"
    "create foreign table ft (a int) server s; create view v as select a from t;"
    "create materialized view mv as select a from t; create index i on t (b);"
    "create function trg() returns trigger language plpgsql as 'begin return new; end';"
    "create trigger g before insert on t for each row execute function trg();"
    "create policy pol on t using (true); create rule r as on delete to t do also nothing;"
    "create procedure pr() language sql as 'select 1'; create aggregate agg(int) (sfunc = int4pl, stype = int);"
    "create function lt(pair, pair) returns boolean language sql immutable as 'select $1.a < $2.a';"
    "create operator <| (leftarg = pair, rightarg = pair, function = lt);"
    "create operator family fam using btree;"
    "create operator class cla for type int4 using btree family fam as operator 1 <, function 1 btint4cmp(int4, int4);"
    "create text search parser tp (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes ="
    " prsd_lextype); create text search template tt (lexize = dsimple_lexize);"
    "create text search dictionary td (template = simple); create text search configuration tc (copy = simple);"
    "create statistics sta on a, b from t; create user mapping for public server s;";

constexpr AlterCase server_alterations[] = {
    {"extension_schema", "create schema x; create schema y", "create extension citext schema x",
     "create extension citext schema y", "extension.schema"},
    {"foreign_data_wrapper_handler", wrapper_handlers, "create foreign data wrapper w handler h",
     "create foreign data wrapper w handler h2", "foreign_data_wrapper.handler"},
    {"foreign_data_wrapper_no_handler", wrapper_handlers, "create foreign data wrapper w",
     "create foreign data wrapper w handler h2", "foreign_data_wrapper.handler"},
    {"foreign_data_wrapper_validator", "", "create foreign data wrapper w",
     "create foreign data wrapper w validator postgresql_fdw_validator", "foreign_data_wrapper.validator"},
    {"foreign_data_wrapper_options", "", "create foreign data wrapper w options (a '1', b '2')",
     "create foreign data wrapper w options (b '3', c '4')", "foreign_data_wrapper.options"},
    {"foreign_server_wrapper", two_wrappers, "create server s foreign data wrapper w",
     "create server s foreign data wrapper w2", "foreign_server.wrapper"},
    {"foreign_server_wrapper_in_use", two_wrappers,
     "create server s foreign data wrapper w; create foreign table f (a int) server s;"
     "create user mapping for public server s",
     "create server s foreign data wrapper w2; create foreign table f (a int) server s;"
     "create user mapping for public server s",
     "foreign_server.wrapper"},
    {"foreign_server_type", two_wrappers, "create server s foreign data wrapper w",
     "create server s type 'x' foreign data wrapper w", "foreign_server.type"},
    {"foreign_server_version", two_wrappers, "create server s foreign data wrapper w",
     "create server s version '2' foreign data wrapper w", "foreign_server.version"},
    {"foreign_server_options", two_wrappers, "create server s foreign data wrapper w options (host 'a, b')",
     "create server s foreign data wrapper w options (host 'it''s', port '1')", "foreign_server.options"},
    {"user_mapping_options", two_servers, "create user mapping for public server s options (user 'a')",
     "create user mapping for public server s", "user_mapping.options", 13, Way::there_unproven},
    {"foreign_table_server", two_servers, "create foreign table f (a int) server s",
     "create foreign table f (a int) server s2", "foreign_table.server"},
    {"foreign_table_options", two_servers, "create foreign table f (a int) server s options (name 'x')",
     "create foreign table f (a int) server s options (name 'y', other 'z')", "foreign_table.options"},
    {"foreign_table_partition_of", two_servers,
     "create foreign table f partition of p for values in (1) server s",
     "create foreign table f partition of q for values in (1) server s", "foreign_table.partition_of"},
    {"foreign_table_attached", two_servers, "create foreign table f (a int) server s",
     "create foreign table f partition of p for values in (1) server s",
     "foreign_table.partition_of, foreign_table.bound, column.inherited"},
    {"foreign_table_bound", two_servers, "create foreign table f partition of p for values in (1) server s",
     "create foreign table f partition of p for values in (2) server s", "foreign_table.bound"},
    {"foreign_table_inherits", two_servers, "create foreign table f () inherits (h) server s",
     "create foreign table f () inherits (k) server s", "foreign_table.inherits"},
    {"foreign_column_options", two_servers, "create foreign table f (a int options (n 'x')) server s",
     "create foreign table f (a int options (n 'y', m 'z')) server s", "column.foreign_options"},

    {"event_trigger_event", event_functions, "create event trigger e on sql_drop execute function f()",
     "create event trigger e on ddl_command_end execute function f()", "event_trigger.event"},
    {"event_trigger_function", event_functions, "create event trigger e on sql_drop execute function f()",
     "create event trigger e on sql_drop execute function g()", "event_trigger.function"},
    {"event_trigger_enabled", event_functions, "create event trigger e on sql_drop execute function f()",
     "create event trigger e on sql_drop execute function f(); alter event trigger e enable always",
     "event_trigger.enabled"},
    {"event_trigger_tags", event_functions, "create event trigger e on sql_drop execute function f()",
     "create event trigger e on sql_drop when tag in ('DROP TABLE', 'DROP VIEW') execute function f()",
     "event_trigger.tags"},

    {"publication_all_tables", published, "create publication p", "create publication p for all tables",
     "publication.all_tables"},
    {"publication_publishes", published, "create publication p with (publish = 'insert')",
     "create publication p with (publish = 'insert, delete')", "publication.publishes"},
    {"publication_publishes_all", published, "create publication p with (publish = 'insert')",
     "create publication p", "publication.publishes"},
    {"publication_via_partition_root", published, "create publication p",
     "create publication p with (publish_via_partition_root = true)", "publication.via_partition_root"},
    {"publication_generated_columns", published, "create publication p",
     "create publication p with (publish_generated_columns = stored)", "publication.generated_columns", 18},
    {"publication_tables", published, "create publication p for table a",
     "create publication p for table a, b", "publication.tables"},
    {"publication_no_tables", published, "create publication p for table a", "create publication p",
     "publication.tables"},
    {"publication_parts_of_tables", published, "create publication p for table a (id) where (id > 5)",
     "create publication p for table a where (id > 6), b (id)", "publication.tables", 15},
    {"publication_schemas", published, "create publication p for tables in schema x",
     "create publication p for tables in schema y", "publication.schemas", 15},
    {"publication_schemas_for_tables", published, "create publication p for table a, tables in schema x",
     "create publication p for table b", "publication.tables, publication.schemas", 15},

    {"subscription_publications", "", plain_subscription,
     "create subscription f connection 'host=nowhere' publication a, b with (connect = false, slot_name = none)",
     "subscription.publications"},
    {"subscription_slot", "", plain_subscription,
     "create subscription f connection 'host=nowhere' publication a with (connect = false)",
     "subscription.slot"},
    {"subscription_synchronous_commit", "", plain_subscription,
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none,"
     " synchronous_commit = local)",
     "subscription.synchronous_commit", 14},
    {"subscription_comment", plain_subscription, "", "comment on subscription f is 'c'",
     "subscription.comment", 14},
    {"subscription_binary", "", plain_subscription,
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none,"
     " binary = true)",
     "subscription.binary", 14},
    {"subscription_streaming", "", plain_subscription,
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none,"
     " streaming = on)",
     "subscription.streaming", 14},
    {"subscription_two_phase", "", plain_subscription,
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none,"
     " two_phase = true)",
     "subscription.two_phase", 15},
    {"subscription_disable_on_error", "", plain_subscription,
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none,"
     " disable_on_error = true)",
     "subscription.disable_on_error", 15},
    {"subscription_password_not_required", "", plain_subscription,
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none,"
     " password_required = false)",
     "subscription.password_not_required", 16},
    {"subscription_run_as_owner", "", plain_subscription,
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none,"
     " run_as_owner = true)",
     "subscription.run_as_owner", 16},
    {"subscription_origin", "", plain_subscription,
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none,"
     " origin = none)",
     "subscription.origin", 16},
    {"subscription_failover", "", plain_subscription,
     "create subscription f connection 'host=nowhere' publication a with (connect = false, slot_name = none,"
     " failover = true)",
     "subscription.failover", 17},

    {"collation_provider", "", "create collation c (provider = icu, locale = 'de')",
     "create collation c (lc_collate = 'C', lc_ctype = 'C')",
     "collation.provider, collation.locale, collation.collate, collation.ctype"},
    {"collation_locale", "", "create collation c (provider = icu, locale = 'de')",
     "create collation c (provider = icu, locale = 'fr')", "collation.locale"},
    {"collation_collate", "", "create collation c (lc_collate = 'C', lc_ctype = 'C')",
     "create collation c (lc_collate = 'POSIX', lc_ctype = 'C')", "collation.collate"},
    {"collation_ctype", "", "create collation c (lc_collate = 'C', lc_ctype = 'C')",
     "create collation c (lc_collate = 'C', lc_ctype = 'POSIX')", "collation.ctype"},
    {"collation_nondeterministic", "", "create collation c (provider = icu, locale = 'de')",
     "create collation c (provider = icu, locale = 'de', deterministic = false)",
     "collation.nondeterministic"},
    {"collation_rules", "", "create collation c (provider = icu, locale = 'de')",
     "create collation c (provider = icu, locale = 'de', rules = '&a < b')", "collation.rules", 16},
    {"collation_in_use", "",
     "create collation c (lc_collate = 'C', lc_ctype = 'C'); create table t (a text collate c); create index i on t (a);"
     "create view v as select a from t",
     "create collation c (lc_collate = 'C', lc_ctype = 'POSIX'); create table t (a text collate c);"
     "create index i on t (a); create view v as select a from t",
     "collation.ctype"},
    {"conversion_from", "", "create conversion c for 'LATIN2' to 'UTF8' from iso8859_to_utf8",
     "create conversion c for 'LATIN3' to 'UTF8' from iso8859_to_utf8", "conversion.from"},
    {"conversion_to", "", "create conversion c for 'UTF8' to 'LATIN2' from utf8_to_iso8859",
     "create conversion c for 'UTF8' to 'LATIN3' from utf8_to_iso8859", "conversion.to"},
    {"conversion_function", "", "create conversion c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
     "create conversion c for 'KOI8R' to 'UTF8' from koi8r_to_utf8", "conversion.from, conversion.function"},
    {"conversion_default", "", "create conversion c for 'LATIN2' to 'UTF8' from iso8859_to_utf8",
     "create default conversion c for 'LATIN2' to 'UTF8' from iso8859_to_utf8", "conversion.default"},

    {"default_privileges",
     "create schema x; alter default privileges in schema x grant select on tables to pg_monitor", "",
     "alter default privileges in schema x grant insert, update on tables to pg_monitor with grant option",
     "default_privileges.privileges"},
    {"default_privileges_without_a_schema",
     "alter default privileges for role pg_monitor revoke execute on functions from public", "",
     "alter default privileges for role pg_monitor revoke execute on functions from pg_monitor",
     "default_privileges.privileges"},
    {"default_privileges_with_grant_option", "alter default privileges grant select on tables to pg_monitor",
     "", "alter default privileges grant select on tables to pg_monitor with grant option",
     "default_privileges.privileges"},

    {"owners", one_of_each, "",
     "alter schema app owner to chief; alter language l owner to chief;"
     "alter foreign data wrapper w owner to chief; alter server s owner to chief; alter event trigger e owner to chief;"
     "alter publication pub owner to chief; alter subscription sub owner to chief; alter type pair owner to chief;"
     "alter collation coll owner to chief; alter conversion conv owner to chief; alter type base owner to chief;"
     "alter type en owner to chief; alter domain dom owner to chief; alter type ran owner to chief;"
     "alter sequence seq owner to chief; alter table t owner to chief; alter foreign table ft owner to chief;"
     "alter view v owner to chief; alter materialized view mv owner to chief; alter function lt owner to chief;"
     "alter procedure pr owner to chief; alter aggregate agg(int) owner to chief;"
     "alter operator <| (pair, pair) owner to chief; alter operator family fam using btree owner to chief;"
     "alter operator class cla using btree owner to chief; alter text search dictionary td owner to chief;"
     "alter text search configuration tc owner to chief; alter statistics sta owner to chief",
     "language.owner, foreign_data_wrapper.owner, foreign_server.owner, event_trigger.owner, publication.owner,"
     " subscription.owner, schema.owner, collation.owner, conversion.owner, base_type.owner, enum_type.owner,"
     " domain.owner, composite_type.owner, range_type.owner, sequence.owner, table.owner, foreign_table.owner,"
     " view.owner, materialized_view.owner, function.owner, procedure.owner, aggregate.owner, operator.owner,"
     " operator_family.owner, operator_class.owner, text_search_dictionary.owner, text_search_configuration.owner,"
     " statistics.owner"},
    {"grants", one_of_each, "",
     "grant usage on schema app to pg_monitor; revoke usage on language l from public;"
     "grant usage on foreign data wrapper w to pg_monitor with grant option; grant usage on foreign server s to public;"
     "grant usage on type base to pg_monitor; revoke usage on type en from public; grant usage on domain dom to"
     " pg_monitor; revoke usage on type pair from public; grant usage on type ran to pg_monitor;"
     "grant select on sequence seq to public; grant select, insert on t to pg_monitor with grant option;"
     "grant update (a) on t to public; grant select on ft to public; grant select on v to public;"
     "grant select (a) on v to pg_monitor; grant select on mv to public; grant select (a) on mv to pg_monitor;"
     "revoke execute on function lt from public; grant execute on procedure pr to pg_monitor;"
     "revoke execute on function agg(int) from public",
     "language.grants, foreign_data_wrapper.grants, foreign_server.grants, schema.grants, base_type.grants,"
     " enum_type.grants, domain.grants, composite_type.grants, range_type.grants, sequence.grants, table.grants,"
     " foreign_table.grants, view.grants, view.grants_on_columns, materialized_view.grants,"
     " materialized_view.grants_on_columns, column.grants, function.grants, procedure.grants, aggregate.grants"},
    {"comments", one_of_each, "comment on table t is 'other'; comment on column t.a is 'gone'",
     "comment on schema app is 'c'; comment on extension citext is 'c'; comment on language l is 'c';"
     "comment on access method m is 'c'; comment on foreign data wrapper w is 'c'; comment on server s is 'c';"
     "comment on event trigger e is 'c'; comment on publication pub is 'c'; "
     "comment on type pair is 'c'; comment on column pair.a is 'c'; comment on cast (pair as text) is 'c';"
     "comment on transform for pair language plpgsql is 'c'; comment on collation coll is 'c';"
     "comment on conversion conv is 'c'; comment on type base is 'c'; comment on type en is 'c';"
     "comment on domain dom is 'c'; comment on type ran is 'c'; comment on sequence seq is 'c';"
     "comment on table t is 'it''s'; comment on foreign table ft is 'c'; comment on view v is 'c';"
     "comment on column v.a is 'c'; comment on materialized view mv is 'c'; comment on column mv.a is 'c';"
     "comment on constraint chk on t is 'c'; comment on index c is 'c'; comment on index i is 'c';"
     "comment on trigger g on t is 'c'; comment on policy pol on t is 'c'; comment on rule r on t is 'c';"
     "comment on function lt is 'c'; comment on procedure pr is 'c'; comment on aggregate agg(int) is 'c';"
     "comment on operator <| (pair, pair) is 'c'; comment on operator family fam using btree is 'c';"
     "comment on operator class cla using btree is 'c'; comment on text search parser tp is 'c';"
     "comment on text search template tt is 'c'; comment on text search dictionary td is 'c';"
     "comment on text search configuration tc is 'c'; comment on statistics sta is 'c'",
     "extension.comment, language.comment, access_method.comment, foreign_data_wrapper.comment,"
     " foreign_server.comment, event_trigger.comment, publication.comment, cast.comment,"
     " transform.comment, schema.comment, collation.comment, conversion.comment, base_type.comment,"
     " enum_type.comment, domain.comment, composite_type.comment, composite_type.comments_on_fields,"
     " range_type.comment, sequence.comment, table.comment, foreign_table.comment, view.comment,"
     " view.comments_on_columns, materialized_view.comment, materialized_view.comments_on_columns, column.comment,"
     " constraint.comment, constraint.comment_on_index, index.comment, trigger.comment, policy.comment, rule.comment,"
     " function.comment, procedure.comment, aggregate.comment, operator.comment, operator_family.comment,"
     " operator_class.comment, text_search_parser.comment, text_search_template.comment,"
     " text_search_dictionary.comment, text_search_configuration.comment, statistics.comment"},
};

}  // namespace candor::test
