module.exports = {
  async up(queryInterface, { DataTypes }) {
    await queryInterface.createTable('projects', {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      owner: {
        type: DataTypes.INTEGER,
        allowNull: false,
        references: { model: 'users', key: 'id' },
        onDelete: 'CASCADE',
      },
      name: { type: DataTypes.TEXT, allowNull: false },
    });
    await queryInterface.addIndex('projects', ['owner'], { name: 'projects_owner_idx' });
  },
  down: queryInterface => queryInterface.dropTable('projects'),
};
