/// tests/integration/alter_programs.h: changes to types, routines, operators, languages and text search.
#pragma once

#include "integration/alter_case.h"

namespace candor::test {

constexpr std::string_view two_types = "create type one as (a int); create type two as (a int);";
constexpr std::string_view pair_functions =
    "create type pair as (a int, b int);"
    "create function lt(pair, pair) returns boolean language sql immutable as 'select $1.a < $2.a';"
    "create function lt2(pair, pair) returns boolean language sql immutable as 'select $1.b < $2.b';"
    "create function cmp(pair, pair) returns int language sql immutable as 'select $1.a - $2.a';"
    "create function cmp2(pair, pair) returns int language sql immutable as 'select $1.b - $2.b';"
    "create function txt(pair) returns text language sql immutable as 'select $1.a::text';"
    "create function txt2(pair) returns text language sql immutable as 'select $1.b::text';";
constexpr std::string_view pair_operators =
    "create type pair as (a int, b int);"
    "create function lt(pair, pair) returns boolean language sql immutable as 'select $1.a < $2.a';"
    "create function cmp(pair, pair) returns int language sql immutable as 'select $1.a - $2.a';"
    "create function cmp2(pair, pair) returns int language sql immutable as 'select $1.b - $2.b';"
    "create operator <| (leftarg = pair, rightarg = pair, function = lt);"
    "create operator |> (leftarg = pair, rightarg = pair, function = lt);"
    "create operator family f using btree;";
constexpr std::string_view type_functions =
    "create type c;"
    "create function i(cstring) returns c language internal immutable strict as 'int4in';"
    "create function i2(cstring) returns c language internal immutable strict as 'int4in';"
    "create function o(c) returns cstring language internal immutable strict as 'int4out';"
    "create function o2(c) returns cstring language internal immutable strict as 'int4out';"
    "create function r(internal) returns c language internal immutable strict as 'int4recv';"
    "create function s(c) returns bytea language internal immutable strict as 'int4send';"
    "create function ti(cstring[]) returns int language internal immutable strict as 'varchartypmodin';"
    "create function ty(int) returns cstring language internal immutable strict as 'varchartypmodout';"
    "create function an(internal) returns boolean language internal strict as 'array_typanalyze';";
constexpr std::string_view plain_type =
    "create type c (input = i, output = o, internallength = 4, passedbyvalue, alignment = int4)";
constexpr std::string_view long_type = "create type c (input = i, output = o, internallength = variable)";
constexpr std::string_view range_function =
    "create type r; create function canon(r) returns r language internal immutable strict as"
    " 'int4range_canonical';";
constexpr std::string_view transforms =
    "create type pair as (a int);"
    "create function f(internal) returns pair language internal immutable as 'int4in';"
    "create function f2(internal) returns pair language internal immutable as 'int4in';"
    "create function g(internal) returns internal language internal immutable as 'int4out';"
    "create function g2(internal) returns internal language internal immutable as 'int4out';";
constexpr std::string_view plain_function = "create function f() returns int language sql as 'select 1'";
constexpr std::string_view plain_procedure = "create procedure f() language sql as 'select 1'";
constexpr std::string_view plain_operator =
    "create operator <| (leftarg = pair, rightarg = pair, function = lt)";
constexpr std::string_view plain_class =
    "create operator class o for type pair using btree as operator 1 <|, function 1 cmp(pair, pair)";
constexpr std::string_view plain_parser =
    "create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes ="
    " prsd_lextype)";
constexpr std::string_view parser_functions =
    "create function st(internal, int) returns internal language internal strict as 'prsd_start';"
    "create function nt(internal, internal, internal) returns internal language internal strict as"
    " 'prsd_nexttoken';"
    "create function en(internal) returns void language internal strict as 'prsd_end';"
    "create function ty(internal) returns internal language internal strict as 'prsd_lextype';";

constexpr AlterCase program_alterations[] = {
    {"enum_labels", "", "create type e as enum ('a', 'c')", "create type e as enum ('a', 'b', 'c')",
     "enum_type.labels"},
    {"enum_labels_in_use", "", "create type e as enum ('a', 'c'); create table t (x e default 'a', y e[])",
     "create type e as enum ('a', 'b', 'c'); create table t (x e default 'b', y e[])",
     "enum_type.labels, column.default"},
    {"enum_label_as_a_default", "", "create type e as enum ('a'); create table t (x e)",
     "create type e as enum ('a', 'b'); create table t (x e default 'b')",
     "enum_type.labels, column.default"},
    {"domain_type", "", "create domain d as varchar(10)", "create domain d as varchar(20)", "domain.type"},
    {"domain_type_in_use", "", "create domain d as varchar(10); create table t (x d default 'y')",
     "create domain d as varchar(20); create table t (x d)", "domain.type, column.default"},
    {"domain_not_null", "", "create domain d as int", "create domain d as int not null", "domain.not_null"},
    {"domain_default", "", "create domain d as int", "create domain d as int default 5", "domain.default"},
    {"domain_collation", "", "create domain d as text collate \"C\"",
     "create domain d as text collate \"POSIX\"", "domain.collation"},
    {"composite_fields", "", "create type pair as (a int, b int)",
     "create type pair as (a bigint, b int, c text)", "composite_type.fields"},
    {"composite_fields_in_use", "", "create type pair as (a int, b int); create table t (p pair)",
     "create type pair as (b int, c text collate \"C\"); create table t (p pair)", "composite_type.fields"},
    {"range_subtype", "", "create type r as range (subtype = float8)",
     "create type r as range (subtype = numeric)", "range_type.subtype"},
    {"range_collation", "", "create type r as range (subtype = text, collation = \"C\")",
     "create type r as range (subtype = text, collation = \"POSIX\")", "range_type.collation"},
    {"range_opclass", "", "create type r as range (subtype = text)",
     "create type r as range (subtype = text, subtype_opclass = text_pattern_ops)", "range_type.opclass"},
    {"range_canonical", range_function, "create type r as range (subtype = int4)",
     "create type r as range (subtype = int4, canonical = canon)", "range_type.canonical"},
    {"range_subtype_diff", "", "create type r as range (subtype = float8)",
     "create type r as range (subtype = float8, subtype_diff = float8mi)", "range_type.subtype_diff"},
    {"range_multirange", "", "create type r as range (subtype = float8, multirange_type_name = m)",
     "create type r as range (subtype = float8, multirange_type_name = n)", "range_type.multirange", 14},

    {"base_type_shell", type_functions, "", plain_type,
     "base_type.shell, base_type.input, base_type.output, base_type.length, base_type.by_value,"
     " base_type.alignment, base_type.storage"},
    {"base_type_input", type_functions, plain_type,
     "create type c (input = i2, output = o, internallength = 4, passedbyvalue, alignment = int4)",
     "base_type.input"},
    {"base_type_output", type_functions, plain_type,
     "create type c (input = i, output = o2, internallength = 4, passedbyvalue, alignment = int4)",
     "base_type.output"},
    {"base_type_receive", type_functions, plain_type,
     "create type c (input = i, output = o, receive = r, internallength = 4, passedbyvalue, alignment = int4)",
     "base_type.receive"},
    {"base_type_send", type_functions, plain_type,
     "create type c (input = i, output = o, send = s, internallength = 4, passedbyvalue, alignment = int4)",
     "base_type.send"},
    {"base_type_typmod_in", type_functions, long_type,
     "create type c (input = i, output = o, internallength = variable, typmod_in = ti)",
     "base_type.typmod_in"},
    {"base_type_typmod_out", type_functions,
     "create type c (input = i, output = o, internallength = variable, typmod_in = ti)",
     "create type c (input = i, output = o, internallength = variable, typmod_in = ti, typmod_out = ty)",
     "base_type.typmod_out"},
    {"base_type_analyze", type_functions, long_type,
     "create type c (input = i, output = o, internallength = variable, analyze = an)", "base_type.analyze"},
    {"base_type_subscript",
     "create type c; create function i(cstring) returns c language internal immutable strict as 'int4in';"
     "create function o(c) returns cstring language internal immutable strict as 'int4out';"
     "create function su(internal) returns internal language internal immutable strict as"
     " 'raw_array_subscript_handler';",
     long_type, "create type c (input = i, output = o, internallength = variable, subscript = su)",
     "base_type.subscript", 14},
    {"base_type_length", type_functions, "create type c (input = i, output = o, internallength = 8)",
     "create type c (input = i, output = o, internallength = 12)", "base_type.length"},
    {"base_type_by_value", type_functions, plain_type,
     "create type c (input = i, output = o, internallength = 4, alignment = int4)", "base_type.by_value"},
    {"base_type_alignment", type_functions, "create type c (input = i, output = o, internallength = 8)",
     "create type c (input = i, output = o, internallength = 8, alignment = double)", "base_type.alignment"},
    {"base_type_storage", type_functions, long_type,
     "create type c (input = i, output = o, internallength = variable, storage = external)",
     "base_type.storage"},
    {"base_type_category", type_functions, long_type,
     "create type c (input = i, output = o, internallength = variable, category = 'N')",
     "base_type.category"},
    {"base_type_preferred", type_functions, long_type,
     "create type c (input = i, output = o, internallength = variable, preferred = true)",
     "base_type.preferred"},
    {"base_type_default", type_functions, long_type,
     "create type c (input = i, output = o, internallength = variable, default = '7')", "base_type.default"},
    {"base_type_element", type_functions,
     "create type c (input = i, output = o, internallength = 4, subscript = raw_array_subscript_handler,"
     " element = int2)",
     "create type c (input = i, output = o, internallength = 4, subscript = raw_array_subscript_handler,"
     " element = char)",
     "base_type.element", 14},
    {"base_type_delimiter", type_functions, long_type,
     "create type c (input = i, output = o, internallength = variable, delimiter = ';')",
     "base_type.delimiter"},
    {"base_type_collatable", type_functions, long_type,
     "create type c (input = i, output = o, internallength = variable, collatable = true)",
     "base_type.collatable"},

    {"function_parameters", "", "create function f(a int) returns int language sql as 'select 1'",
     "create function f(b int default 5) returns int language sql as 'select 1'", "function.parameters"},
    {"function_returns", "", plain_function, "create function f() returns bigint language sql as 'select 1'",
     "function.returns"},
    {"function_language", "", "create function f() returns int language sql as 'select 1'",
     "create function f() returns int language plpgsql as 'begin return 1; end'",
     "function.language, function.body"},
    {"function_window", "", "create function f() returns bigint language internal as 'window_row_number'",
     "create function f() returns bigint language internal window as 'window_row_number'", "function.window"},
    {"function_volatility", "", plain_function,
     "create function f() returns int language sql stable as 'select 1'", "function.volatility"},
    {"function_strict", "", plain_function,
     "create function f() returns int language sql strict as 'select 1'", "function.strict"},
    {"function_security_definer", "", plain_function,
     "create function f() returns int language sql security definer as 'select 1'",
     "function.security_definer"},
    {"function_leakproof", "", plain_function,
     "create function f() returns int language sql leakproof as 'select 1'", "function.leakproof"},
    {"function_parallel", "", plain_function,
     "create function f() returns int language sql parallel safe as 'select 1'", "function.parallel"},
    {"function_cost", "", plain_function, "create function f() returns int language sql cost 7 as 'select 1'",
     "function.cost"},
    {"function_rows", "", "create function f() returns setof int language sql as 'select 1'",
     "create function f() returns setof int language sql rows 7 as 'select 1'", "function.rows"},
    {"function_support", "", "create function f() returns setof int language sql as 'select 1'",
     "create function f() returns setof int language sql support generate_series_int4_support as 'select 1'",
     "function.support"},
    {"function_transform",
     "create type pair as (a int); create function g(internal) returns pair language internal immutable as 'int4in';"
     "create transform for pair language plpgsql (to sql with function g(internal))",
     "create function f() returns pair language plpgsql as 'begin end'",
     "create function f() returns pair language plpgsql transform for type pair as 'begin end'",
     "function.transform"},
    {"function_settings", "",
     "create function f() returns int language sql set work_mem = '8MB' as 'select 1'",
     "create function f() returns int language sql set search_path = pg_catalog, \"a b\" as 'select 1'",
     "function.settings"},
    {"function_library", "",
     "create function f() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler'",
     "create function f() returns language_handler language c as 'plpgsql', 'plpgsql_call_handler'",
     "function.library"},
    {"function_body", "", plain_function, "create function f() returns int language sql as 'select 2'",
     "function.body"},
    {"function_sql_body", "", "create function f() returns int language sql return 1",
     "create function f() returns int language sql return 2", "function.sql_body", 14},
    {"function_sql_body_instead_of_text", "", plain_function,
     "create function f() returns int language sql return 1", "function.body, function.sql_body", 14},
    {"procedure_parameters", "", "create procedure f(a int) language sql as 'select 1'",
     "create procedure f(b int default 5) language sql as 'select 1'", "procedure.parameters"},
    {"procedure_mode", "", "create procedure f(inout a int) language sql as 'select 1'",
     "create procedure f(a int) language sql as 'select 1'", "procedure.parameters"},
    {"procedure_language", "", plain_procedure, "create procedure f() language plpgsql as 'begin end'",
     "procedure.language, procedure.body"},
    {"procedure_security_definer", "", plain_procedure,
     "create procedure f() language sql security definer as 'select 1'", "procedure.security_definer"},
    {"procedure_transform",
     "create type pair as (a int); create function g(internal) returns pair language internal immutable as 'int4in';"
     "create transform for pair language plpgsql (to sql with function g(internal))",
     "create procedure f(p pair) language plpgsql as 'begin end'",
     "create procedure f(p pair) language plpgsql transform for type pair as 'begin end'",
     "procedure.transform"},
    {"procedure_settings", "", plain_procedure,
     "create procedure f() language sql set work_mem = '9MB' as 'select 1'", "procedure.settings"},
    {"procedure_library", "", "create procedure f() language c as '$libdir/plpgsql', 'plpgsql_call_handler'",
     "create procedure f() language c as 'plpgsql', 'plpgsql_call_handler'", "procedure.library"},
    {"procedure_body", "", plain_procedure, "create procedure f() language sql as 'select 2'",
     "procedure.body"},
    {"procedure_sql_body", "", "create procedure f() begin atomic select 1; end",
     "create procedure f() begin atomic select 2; end", "procedure.sql_body", 14},
    {"aggregate_parameters", "", "create aggregate a(x int) (sfunc = int4pl, stype = int)",
     "create aggregate a(y int) (sfunc = int4pl, stype = int)", "aggregate.parameters"},
    {"aggregate_returns", "", "create aggregate a(int) (sfunc = int4pl, stype = int, initcond = '0')",
     "create aggregate a(int) (sfunc = int84pl, stype = bigint, initcond = '0')",
     "aggregate.returns, aggregate.definition"},
    {"aggregate_definition", "", "create aggregate a(int) (sfunc = int4pl, stype = int)",
     "create aggregate a(int) (sfunc = int4mul, stype = int, initcond = '1')", "aggregate.definition"},
    {"aggregate_parallel", "", "create aggregate a(int) (sfunc = int4pl, stype = int)",
     "create aggregate a(int) (sfunc = int4pl, stype = int, parallel = safe)", "aggregate.parallel"},

    {"cast_function", pair_functions, "create cast (pair as text) with function txt(pair)",
     "create cast (pair as text) with function txt2(pair)", "cast.function"},
    {"cast_inout", pair_functions, "create cast (pair as text) with function txt(pair)",
     "create cast (pair as text) with inout", "cast.function, cast.inout"},
    {"cast_context", pair_functions, "create cast (pair as text) with inout as assignment",
     "create cast (pair as text) with inout as implicit", "cast.context"},
    {"operator_function", pair_functions, plain_operator,
     "create operator <| (leftarg = pair, rightarg = pair, function = lt2)", "operator.function"},
    {"operator_commutator", pair_functions,
     "create operator <| (leftarg = pair, rightarg = pair, function = lt);"
     "create operator |> (leftarg = pair, rightarg = pair, function = lt)",
     "create operator <| (leftarg = pair, rightarg = pair, function = lt);"
     "create operator |> (leftarg = pair, rightarg = pair, function = lt, commutator = <|)",
     "operator.commutator"},
    {"operator_negator", pair_functions,
     "create operator <| (leftarg = pair, rightarg = pair, function = lt);"
     "create operator |> (leftarg = pair, rightarg = pair, function = lt)",
     "create operator <| (leftarg = pair, rightarg = pair, function = lt);"
     "create operator |> (leftarg = pair, rightarg = pair, function = lt, negator = <|)",
     "operator.negator"},
    {"operator_restrict", pair_functions, plain_operator,
     "create operator <| (leftarg = pair, rightarg = pair, function = lt, restrict = scalarltsel)",
     "operator.restrict"},
    {"operator_join", pair_functions, plain_operator,
     "create operator <| (leftarg = pair, rightarg = pair, function = lt, join = scalarltjoinsel)",
     "operator.join"},
    {"operator_hashes", pair_functions, plain_operator,
     "create operator <| (leftarg = pair, rightarg = pair, function = lt, hashes)", "operator.hashes"},
    {"operator_merges", pair_functions, plain_operator,
     "create operator <| (leftarg = pair, rightarg = pair, function = lt, merges)", "operator.merges"},
    {"operator_family_operators", "create operator family o using btree",
     "alter operator family o using btree add operator 1 < (int4, int8)",
     "alter operator family o using btree add operator 1 < (int4, int8), operator 5 > (int4, int8)",
     "operator_family.operators"},
    {"operator_family_functions", "create operator family o using btree", "",
     "alter operator family o using btree add function 1 btint48cmp(int4, int8)",
     "operator_family.functions"},
    {"operator_class_type", "",
     "create operator class o for type int4 using btree as operator 1 <, function 1 btint4cmp(int4, int4)",
     "create operator class o for type int8 using btree as operator 1 <, function 1 btint8cmp(int8, int8)",
     "operator_class.type, operator_class.operators, operator_class.functions"},
    {"operator_class_default", pair_operators, plain_class,
     "create operator class o default for type pair using btree as operator 1 <|, function 1 cmp(pair, pair)",
     "operator_class.default"},
    {"operator_class_family", "create operator family o using btree; create operator family f using btree",
     "create operator class o for type int4 using btree family o as operator 1 <, function 1 btint4cmp(int4, int4)",
     "create operator class o for type int4 using btree family f as operator 1 <, function 1 btint4cmp(int4, int4)",
     "operator_class.family"},
    {"operator_class_storage", "", "create operator class o for type point using gist as storage box",
     "create operator class o for type point using gist as storage circle", "operator_class.storage"},
    {"operator_class_operators", pair_operators, plain_class,
     "create operator class o for type pair using btree as operator 1 <|, operator 5 |>, function 1 cmp(pair, pair)",
     "operator_class.operators"},
    {"operator_class_functions", pair_operators, plain_class,
     "create operator class o for type pair using btree as operator 1 <|, function 1 cmp2(pair, pair)",
     "operator_class.functions"},
    {"operator_class_in_use", "create table t (a int)",
     "create operator class o for type int4 using btree as operator 1 <, function 1 btint4cmp(int4, int4);"
     "create index i on t (a o)",
     "create operator class o for type int4 using btree as operator 1 <, operator 5 >, function 1 btint4cmp(int4,"
     " int4); create index i on t (a o)",
     "operator_class.operators"},

    {"language_trusted", "", "create language l handler plpgsql_call_handler",
     "create trusted language l handler plpgsql_call_handler", "language.trusted"},
    {"language_handler",
     "create function h() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler'",
     "create language l handler plpgsql_call_handler", "create language l handler h", "language.handler"},
    {"language_inline", "", "create language l handler plpgsql_call_handler",
     "create language l handler plpgsql_call_handler inline plpgsql_inline_handler", "language.inline"},
    {"language_validator", "", "create language l handler plpgsql_call_handler",
     "create language l handler plpgsql_call_handler validator plpgsql_validator", "language.validator"},
    {"language_in_use", "",
     "create language l handler plpgsql_call_handler; create function f() returns int language l as 'begin end'",
     "create trusted language l handler plpgsql_call_handler;"
     "create function f() returns int language l as 'begin end'",
     "language.trusted"},
    {"transform_from_sql", transforms,
     "create transform for pair language plpgsql (from sql with function g(internal))",
     "create transform for pair language plpgsql (from sql with function g2(internal))",
     "transform.from_sql"},
    {"transform_to_sql", transforms,
     "create transform for pair language plpgsql (to sql with function f(internal))",
     "create transform for pair language plpgsql (to sql with function f2(internal))", "transform.to_sql"},
    {"transform_both", transforms,
     "create transform for pair language plpgsql (to sql with function f(internal))",
     "create transform for pair language plpgsql (from sql with function g(internal))",
     "transform.from_sql, transform.to_sql"},
    {"access_method_type", "", "create access method m type index handler bthandler",
     "create access method m type table handler heap_tableam_handler",
     "access_method.type, access_method.handler"},
    {"access_method_handler", "", "create access method m type index handler bthandler",
     "create access method m type index handler hashhandler", "access_method.handler"},

    {"text_search_parser_start", parser_functions, plain_parser,
     "create text search parser p (start = st, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)",
     "text_search_parser.start"},
    {"text_search_parser_gettoken", parser_functions, plain_parser,
     "create text search parser p (start = prsd_start, gettoken = nt, end = prsd_end, lextypes = prsd_lextype)",
     "text_search_parser.gettoken"},
    {"text_search_parser_end", parser_functions, plain_parser,
     "create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = en, lextypes = prsd_lextype)",
     "text_search_parser.end"},
    {"text_search_parser_headline", parser_functions, plain_parser,
     "create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes ="
     " prsd_lextype, headline = prsd_headline)",
     "text_search_parser.headline"},
    {"text_search_parser_lextypes", parser_functions, plain_parser,
     "create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = ty)",
     "text_search_parser.lextypes"},
    {"text_search_template_init", "", "create text search template t (lexize = dsimple_lexize)",
     "create text search template t (lexize = dsimple_lexize, init = dsimple_init)",
     "text_search_template.init"},
    {"text_search_template_lexize", "", "create text search template t (lexize = dsimple_lexize)",
     "create text search template t (lexize = dsnowball_lexize)", "text_search_template.lexize"},
    {"text_search_template_in_use", "",
     "create text search template t (lexize = dsimple_lexize, init = dsimple_init);"
     "create text search dictionary d (template = t); create text search configuration c (copy = simple);"
     "alter text search configuration c alter mapping for word with d",
     "create text search template t (lexize = dsnowball_lexize, init = dsimple_init);"
     "create text search dictionary d (template = t); create text search configuration c (copy = simple);"
     "alter text search configuration c alter mapping for word with d",
     "text_search_template.lexize"},
    {"text_search_dictionary_template", "", "create text search dictionary d (template = simple)",
     "create text search dictionary d (template = snowball, language = german)",
     "text_search_dictionary.template, text_search_dictionary.options"},
    {"text_search_dictionary_options", "",
     "create text search dictionary d (template = simple, accept = false)",
     "create text search dictionary d (template = simple, stopwords = english)",
     "text_search_dictionary.options"},
    {"text_search_configuration_parser",
     "create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes ="
     " prsd_lextype)",
     "create text search configuration c (parser = p); alter text search configuration c add mapping for word with"
     " simple",
     "create text search configuration c (parser = \"default\"); alter text search configuration c add mapping for"
     " word with simple",
     "text_search_configuration.parser"},
    {"text_search_configuration_mappings", "create text search configuration c (copy = simple)",
     "alter text search configuration c drop mapping for url",
     "alter text search configuration c alter mapping for word with english_stem, simple",
     "text_search_configuration.mappings"},
};

}  // namespace candor::test
