import { bigint, bigserial, boolean, customType, index, integer, pgEnum, pgTable, primaryKey, serial, text, timestamp, uuid } from 'drizzle-orm/pg-core';
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
export const role = pgEnum('role', ['admin', 'member']);
export const users = pgTable('users', {
  id: uuid('id').primaryKey().defaultRandom(),
  email: text('email').notNull().unique(),
  name: text('name'),
  role: role('role').default('member').notNull(),
});
export const sessions = pgTable('sessions', {
  id: text('id').primaryKey(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  userAgent: text('user_agent'),
});
export const projects = pgTable('projects', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  ownerId: uuid('owner_id').references(() => users.id, { onDelete: 'set null' }),
  icon: text('icon'),
  archived: boolean('archived').default(false).notNull(),
});
export const dashboards = pgTable('dashboards', {
  id: serial('id').primaryKey(),
  projectId: integer('project_id').notNull(),
  layout: text('layout').default('grid').notNull(),
  icon: text('icon'),
});
export const credentials = pgTable('webauthn_credentials', {
  id: text('id').primaryKey(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  publicKey: bytea('public_key').notNull(),
  counter: bigint('counter', { mode: 'number' }).default(0).notNull(),
});
export const challenges = pgTable('webauthn_challenges', {
  id: text('id').primaryKey(),
  challenge: text('challenge').notNull(),
});
export const tags = pgTable('tags', {
  id: serial('id').primaryKey(),
  label: text('label').notNull(),
});
export const projectTags = pgTable('project_tags', {
  projectId: integer('project_id').notNull(),
  tagId: integer('tag_id').notNull(),
}, (t) => [primaryKey({ columns: [t.projectId, t.tagId] })]);
export const audit = pgTable('audit_log', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  what: text('what').notNull(),
  at: timestamp('at', { withTimezone: true }).defaultNow().notNull(),
}, (t) => [index('audit_log_at_idx').on(t.at)]);
export const comments = pgTable('comments', {
  id: serial('id').primaryKey(),
  projectId: integer('project_id').notNull(),
  body: text('body').notNull(),
  authorId: uuid('author_id'),
});
export const settings = pgTable('settings', {
  userId: uuid('user_id').primaryKey(),
  theme: text('theme').default('light').notNull(),
  locale: text('locale').default('en').notNull(),
});
