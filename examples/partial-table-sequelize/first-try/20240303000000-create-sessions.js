// As it was deployed first: there is no `user_id`. The table stayed, as for `users`.
module.exports = {
  async up(queryInterface, { DataTypes }) {
    await queryInterface.createTable('sessions', {
      token: { type: DataTypes.STRING(64), primaryKey: true },
      user: { type: DataTypes.INTEGER, allowNull: false, references: { model: 'users', key: 'id' }, onDelete: 'CASCADE' },
    });
    await queryInterface.addIndex('sessions', ['user_id'], { name: 'sessions_user_idx' });
  },
};
