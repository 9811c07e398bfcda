// As it was deployed first. `mail` does not exist: Sequelize broke off there, and the table stayed.
module.exports = {
  async up(queryInterface, { DataTypes, literal }) {
    await queryInterface.createTable('users', {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      email: { type: DataTypes.STRING, allowNull: false },
      created_at: { type: DataTypes.DATE, allowNull: false, defaultValue: literal('now()') },
    });
    await queryInterface.addConstraint('users', { type: 'unique', fields: ['mail'], name: 'users_email_key' });
  },
};
