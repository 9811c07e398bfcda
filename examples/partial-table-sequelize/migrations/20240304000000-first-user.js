module.exports = {
  up: queryInterface => queryInterface.bulkInsert('users', [{ email: 'ada@example.org', created_at: new Date(0) }]),
  down: queryInterface => queryInterface.bulkDelete('users', { email: 'ada@example.org' }),
};
