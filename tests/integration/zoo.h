/// tests/integration/zoo.h: at least one object of every kind, with most of the attributes that it can have.
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
)sql";

}  // namespace candor::test
