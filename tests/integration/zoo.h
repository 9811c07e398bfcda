/// tests/integration/zoo.h: at least one object of every kind, with most of the attributes that it can have.
/// (No provider of security labels is there to label anything: the label is written by hand.)
#pragma once

#include <string_view>

namespace candor::test {

constexpr std::string_view zoo = R"sql(
create schema app;
create type app.mood as enum ('sad','it''s ok','happy');
create domain app.email as text check (value ~ '@') not null default 'a@b';
create type app.addr as (street text, zip varchar(10), "We Ird" int[]);
create type app.fr as range (subtype = float8, subtype_diff = float8mi);
create sequence app.s1 start 5 increment 2 maxvalue 100 cycle;
create table app.users (id bigint generated always as identity primary key, email app.email, "Na me"
  varchar(50) not null default 'x', m app.mood default 'sad', created timestamptz not null default
  now(), n numeric(10,2) check (n > 0), tags text[] default '{}', full_name text generated always as
  (lower("Na me")) stored, c text collate "C");
create table app.posts (id serial primary key, user_id bigint not null references app.users(id) on
  delete cascade on update set null deferrable initially deferred, title text, body text, unique
  (user_id, title), during int4range, exclude using gist (during with &&));
create index posts_lower on app.posts (lower(title) desc nulls last, user_id) include (body) where
  title is not null;
create unique index on app.posts using btree (title text_pattern_ops, body collate "C");
create index on app.posts using hash (title);
create table app.part (id int, at date not null, primary key (id, at)) partition by range (at);
create table app.part_2024 partition of app.part for values from ('2024-01-01') to ('2025-01-01');
create index on app.part (at);
create table app.child (extra int) inherits (app.posts);
create unlogged table app.fast (a int) with (fillfactor=70, autovacuum_enabled=false);
create view app.v as select u.id, u.email, extract(year from u.created) y from app.users u;
create materialized view app.mv as select count(*) c from app.posts with no data;
create unique index on app.mv (c);
create function app.f(a int, b text default 'x', out c int) language sql immutable strict as 'select 1';
create function app.trg() returns trigger language plpgsql as $$ begin return new; end $$;
create procedure app.p(inout a int) language plpgsql as $$ begin a := 1; end $$;
create aggregate app.agg(int) (sfunc = int4pl, stype = int, initcond = '0');
create trigger t1 before insert or update of email on app.users for each row when (new.email is not
  null) execute function app.trg();
alter table app.users disable trigger t1;
alter table app.users enable row level security;
create policy pol on app.users for select to public using (id > 0);
create rule r1 as on delete to app.fast do instead nothing;
create table "Qu""o.te\
x" ("é 🎉" int, "a""b" text);
create index "i ""x" on "Qu""o.te\
x" ("é 🎉");
create extension if not exists pg_trgm;
create extension if not exists hstore;
comment on table app.users is 'the users';
comment on column app.users.id is 'key';
grant select on app.users to public;
alter table app.posts add constraint nv check (id > 0) not valid;
alter table app.users alter column email set statistics 500;
alter table app.users cluster on users_pkey;
alter table app.users replica identity using index users_pkey;
create collation app.german from "C";
create conversion app.conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create type app.pair as (a int, b int);
create function app.pair_lt(app.pair, app.pair) returns boolean language sql immutable as 'select $1.a < $2.a';
create function app.pair_cmp(app.pair, app.pair) returns int language sql immutable as 'select $1.a - $2.a';
create function app.pair_to_text(app.pair) returns text language sql immutable as 'select $1.a::text';
create operator app.<| (leftarg = app.pair, rightarg = app.pair, procedure = app.pair_lt, commutator = operator(app.|>), restrict = scalarltsel, join = scalarltjoinsel);
create operator app.!@# (rightarg = app.pair, procedure = app.pair_to_text);
create operator family app.pair_family using btree;
create operator class app.pair_ops for type app.pair using btree family app.pair_family as operator 1 app.<|, function 1 app.pair_cmp(app.pair, app.pair);
create cast (app.pair as text) with function app.pair_to_text(app.pair) as assignment;
create cast (app.mood as app.addr) with inout;
create type app.shell;
create type app.colour;
create function app.colour_in(cstring) returns app.colour language internal immutable strict as 'int4in';
create function app.colour_out(app.colour) returns cstring language internal immutable strict as 'int4out';
create type app.colour (input = app.colour_in, output = app.colour_out, internallength = 4, passedbyvalue, alignment = int4, category = 'N', delimiter = ';');
create language app_language handler plpgsql_call_handler;
create function app.to_sql(internal) returns app.colour language internal immutable as 'int4in';
create transform for app.colour language plpgsql (to sql with function app.to_sql(internal));
create access method app_heap type table handler heap_tableam_handler;
create foreign data wrapper app_wrapper options (debug 'true');
create server app_server type 'file' version '1' foreign data wrapper app_wrapper options (host 'db, one', password 'secret');
create user mapping for current_user server app_server options (password 'secret', "user" 'me');
create user mapping for public server app_server;
create foreign table app.remote (id int options (column_name 'ID') not null, note text check (note <> '')) server app_server options (table_name 'notes');
create text search template app.template (lexize = dsimple_lexize, init = dsimple_init);
create text search dictionary app.dictionary (template = app.template, stopwords = english);
create text search parser app.parser (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search configuration app.search (parser = app.parser);
alter text search configuration app.search add mapping for asciiword, word with app.dictionary, simple;
create statistics app.spread (ndistinct, mcv) on id, m from app.users;
create function app.on_ddl() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger app_ddl on ddl_command_start when tag in ('CREATE TABLE', 'DROP TABLE') execute function app.on_ddl();
create publication app_changes for table app.users, app.posts with (publish = 'insert, update');
create subscription app_feed connection 'host=nowhere password=secret' publication elsewhere with (connect = false);
alter default privileges in schema app grant select on tables to public;
alter default privileges revoke execute on functions from public;
alter view app.v alter email set default 'c@d';
grant select (id, email) on app.v to public;
comment on column app.v.id is 'the "key"';
alter materialized view app.mv alter c set statistics 7;
comment on column app.addr.street is 'with its number';
alter index app.posts_lower alter column 1 set statistics 9;
comment on index app.posts_pkey is 'of posts';
set allow_system_table_mods = on;
insert into pg_seclabel values ('app.users'::regclass, 'pg_class'::regclass, 0, 'provider', 'secret');
reset allow_system_table_mods;
)sql";

/// Takes from the zoo what no plan can make: a label without its provider, and secrets, of which only hashes
/// are known.
inline constexpr std::string_view without_secrets = R"sql(
set allow_system_table_mods = on;
delete from pg_seclabel;
reset allow_system_table_mods;
alter user mapping for current_user server app_server options (drop password, drop "user");
alter server app_server options (drop password);
)sql";

}  // namespace candor::test
