// As it was deployed an hour later: `mail` corrected, and the columns added that the next sprint was going to need.
module.exports = {
  async up(queryInterface, { DataTypes, literal }) {
    await queryInterface.createTable('users', {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      email: { type: DataTypes.STRING, allowNull: false },
      created_at: { type: DataTypes.DATE, allowNull: false, defaultValue: literal('now()') },
      email_verified: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
      email_verified_at: { type: DataTypes.DATE },
      verification_token: { type: DataTypes.STRING(64) },
      password_hash: { type: DataTypes.TEXT, allowNull: false, defaultValue: '!' },
      failed_logins: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      locale: { type: DataTypes.STRING(10), allowNull: false, defaultValue: 'en' },
      plan: { type: DataTypes.ENUM('free', 'team'), allowNull: false, defaultValue: 'free' },
    });
    await queryInterface.addConstraint('users', { type: 'unique', fields: ['email'], name: 'users_email_key' });
  },
  down: queryInterface => queryInterface.dropTable('users'),
};
