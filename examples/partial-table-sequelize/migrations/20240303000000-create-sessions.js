module.exports = {
  async up(queryInterface, { DataTypes, literal }) {
    await queryInterface.createTable('sessions', {
      token: { type: DataTypes.STRING(64), primaryKey: true },
      user: { type: DataTypes.INTEGER, allowNull: false, references: { model: 'users', key: 'id' }, onDelete: 'CASCADE' },
      user_agent: { type: DataTypes.TEXT },
      expires_at: { type: DataTypes.DATE, allowNull: false, defaultValue: literal("now() + interval '30 days'") },
    });
    await queryInterface.addIndex('sessions', ['user'], { name: 'sessions_user_idx' });
  },
  down: queryInterface => queryInterface.dropTable('sessions'),
};
