Taken over from Django: its migrations are programs of several apps, so they are watched first and become SQL.

  $ . "$TESTDIR/setup.sh"
  $ export PYTHONPATH=. DJANGO_SETTINGS_MODULE=settings PYTHONWARNINGS=ignore
  $ django-admin() { tool command django-admin "$@" | sed 's/\x1b[^m]*m//g; /^$/d'; }
  $ mkdir -p blog/migrations shop/migrations
  $ touch {blog,shop}/__init__.py {blog,shop}/migrations/__init__.py
  $ cat > settings.py <<'END'
  > import os
  > SECRET_KEY = 'no secret'
  > USE_TZ = True
  > INSTALLED_APPS = ['blog', 'shop']
  > DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': os.environ['PGDATABASE'],
  >     'USER': os.environ['PGUSER'], 'HOST': os.environ['PGHOST'], 'PORT': os.environ.get('PGPORT', '5432')}}
  > END
  $ cat > blog/migrations/0001_initial.py <<'END'
  > from django.db import migrations, models
  > class Migration(migrations.Migration):
  >     operations = [migrations.CreateModel('Author', [('id', models.BigAutoField(primary_key=True)),
  >         ('email', models.CharField(max_length=200, unique=True))]),
  >         migrations.RunPython(lambda apps, editor: apps.get_model('blog', 'Author').objects.create(email="o'neil@example.org"))]
  > END
  $ cat > shop/migrations/0001_initial.py <<'END'
  > from django.db import migrations, models
  > class Migration(migrations.Migration):
  >     dependencies = [('blog', '0001_initial')]
  >     operations = [migrations.CreateModel('Order', [('id', models.BigAutoField(primary_key=True)),
  >         ('buyer', models.ForeignKey('blog.Author', models.CASCADE))])]
  > END
  $ django-admin migrate
  Operations to perform:
    Apply all migrations: blog, shop
  Running migrations:
    Applying blog.0001_initial... OK
    Applying shop.0001_initial... OK
  $ capture -- django-admin migrate
  captured 2 migrations of Django from 22 statements
  true: replayed in a fresh database, the files make the same 15 objects, and the same rows in 1 table
  wrote 2 files to migrations; next: candor lock --dir migrations
  $ ls migrations
  0001_blog_0001_initial.sql
  0002_shop_0001_initial.sql
  $ cat migrations/*blog*
  -- captured from blog_0001_initial
  
  CREATE TABLE "blog_author" ("id" bigserial NOT NULL PRIMARY KEY, "email" varchar(200) NOT NULL UNIQUE);
  
  INSERT INTO "blog_author" ("email") VALUES ('o''neil@example.org') RETURNING "blog_author"."id";
  
  CREATE INDEX "blog_author_email_8354ab3e_like" ON "blog_author" ("email" varchar_pattern_ops);
  $ candor adopt --mirror
  wrote migrations/candor.lock
  wrote [adopt] to candor.toml
  adopted 2 of 2 migrations from public.django_migrations (Django); 15 objects compared, no difference
  $ candor verify
  true: 15 objects are what 2 migrations produce

The next migration is captured too, and applied by Candor. Django would run it before what shop has: it is new, and
comes last.

  $ cat > blog/migrations/0002_bio.py <<'END'
  > from django.db import migrations, models
  > class Migration(migrations.Migration):
  >     dependencies = [('blog', '0001_initial')]
  >     operations = [migrations.AddField('Author', 'bio', models.TextField(null=True))]
  > END
  $ django-admin showmigrations
  blog
   [X] 0001_initial
   [ ] 0002_bio
  shop
   [X] 0001_initial
  $ capture -- django-admin migrate
  captured 3 migrations of Django from 27 statements
  true: replayed in a fresh database, the files make the same 16 objects, and the same rows in 1 table
  wrote 1 file to migrations; next: candor lock --dir migrations
  $ candor lock --quiet
  $ candor up
  applied 0003_blog_0002_bio  +1 column  proven: 1 object compared  TIME
  applied 1 migration to database story_django on SOCKET:5432 as user postgres in TIME
  true: 16 objects are what 3 migrations produce
  $ django-admin showmigrations
  blog
   [X] 0001_initial
   [X] 0002_bio
  shop
   [X] 0001_initial
  $ django-admin migrate
  Operations to perform:
    Apply all migrations: blog, shop
  Running migrations:
    No migrations to apply.
    Your models in app(s): 'blog', 'shop' have changes that are not yet reflected in a migration, and so won't be applied.
    Run 'manage.py makemigrations' to make new migrations, and then re-run 'manage.py migrate' to apply them.
  $ candor verify
  true: 16 objects are what 3 migrations produce

Taken back with Candor, it is Django's to apply again, and Candor's to adopt:

  $ candor down --yes
  planned   0003_blog_0002_bio  proven on PostgreSQL N: 22 objects compared
  reverted 0003_blog_0002_bio  15 objects compared, as before it  TIME
  true: 15 objects are what 2 migrations produce
  $ django-admin migrate
  Operations to perform:
    Apply all migrations: blog, shop
  Running migrations:
    Applying blog.0002_bio... OK
  $ candor adopt --mirror
  adopted 1 of 1 migration from public.django_migrations (Django); 16 objects compared, no difference
  $ candor verify
  true: 16 objects are what 3 migrations produce

Without the row it would run it again:

  $ rows "DELETE FROM django_migrations WHERE name = '0002_bio'"
  $ django-admin migrate | grep '^psycopg2.*Dup'
  psycopg2.errors.DuplicateColumn: column "bio" of relation "blog_author" already exists
  [1]
  $ candor adopt --mirror
  nothing to adopt from public.django_migrations (Django): the ledger records all that is there; 16 objects compared, no difference
  recorded 1 migration in public.django_migrations (Django)
  $ django-admin migrate
  Operations to perform:
    Apply all migrations: blog, shop
  Running migrations:
    No migrations to apply.
    Your models in app(s): 'blog', 'shop' have changes that are not yet reflected in a migration, and so won't be applied.
    Run 'manage.py makemigrations' to make new migrations, and then re-run 'manage.py migrate' to apply them.
  $ rows 'SELECT app, name FROM django_migrations ORDER BY id'
  blog|0001_initial
  shop|0001_initial
  blog|0002_bio
