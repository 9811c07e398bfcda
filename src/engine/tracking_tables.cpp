#include "engine/tracking_tables.h"

namespace candor::engine {

// Each as the program's own source makes it. A name that two programs share stands once for each.
std::vector<TrackingTable> tracking_tables(const std::vector<std::string>& more) {
  std::vector<TrackingTable> tables = {
      {"SequelizeMeta", {"name"}, "Sequelize"},
      {"knex_migrations", {"name"}, "Knex"},
      {"knex_migrations_lock", {}, "Knex"},
      {"migrations", {"name"}, "TypeORM", "timestamp"},
      {"migrations", {"name"}, "Knex", "migration_time"},
      {"migrations", {"name"}, "db-migrate", "run_on"},
      {"migrations", {"name"}, "migrations"},
      {"migrations", {"migration"}, "Laravel"},
      {"typeorm_metadata", {}, "TypeORM"},
      {"mikro_orm_migrations", {"name"}, "MikroORM"},
      {"kysely_migration", {"name"}, "Kysely"},
      {"kysely_migration_lock", {}, "Kysely"},
      {"pgmigrations", {"name"}, "node-pg-migrate"},
      {"django_migrations", {"app", "name"}, "Django"},
      {"alembic_version", {"version_num"}, "Alembic"},
      {"schema_migrations", {"version"}, "Rails"},
      {"ar_internal_metadata", {}, "Rails"},
      {"__EFMigrationsHistory", {"MigrationId"}, "Entity Framework"},
      {"phinxlog", {"version", "migration_name"}, "Phinx"},
      {"doctrine_migration_versions", {"version"}, "Doctrine"},
      {"goose_db_version", {"version_id"}, "goose"},
      {"schemaversion", {"version", "name"}, "postgrator"},
      {"migration", {"name"}, "Knex", "migration_time"},
      {"migration", {"name"}, "umzug"},
      {"umzug_migrations", {"name"}, "umzug"},
  };
  for (const std::string& name : more) {
    const std::size_t dot = name.rfind('.');
    const std::string column = dot == std::string::npos ? "name" : name.substr(dot + 1);
    tables.push_back({name.substr(0, dot), {column}, name.substr(0, dot)});
  }
  return tables;
}

}  // namespace candor::engine
