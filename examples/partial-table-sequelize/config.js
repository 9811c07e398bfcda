// Any database that the environment names: libpq's variables are what `candor capture` sets, too.
const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env;

module.exports = {
  development: {
    dialect: 'postgres',
    host: PGHOST,
    port: PGPORT || 5432,
    username: PGUSER,
    password: PGPASSWORD,
    database: PGDATABASE,
    logging: false,
  },
};
