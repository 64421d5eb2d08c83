using Portico.Core.Detection;
using Portico.Core.Services;

namespace Portico.Core.Tests.Detection;

public sealed class ProjectDetectorTests
{
    [Theory]
    [InlineData("package-lock.json", "npm ci && npm run build", "npm start")]
    [InlineData("yarn.lock", "yarn && yarn build", "yarn start")]
    [InlineData("pnpm-lock.yaml", "pnpm install --frozen-lockfile && pnpm build", "pnpm start")]
    [InlineData("bun.lock", "bun install && bun run build", "bun run start")]
    [InlineData("README.md", "npm install && npm run build", "npm start")]
    public void The_lock_file_chooses_the_package_manager(string lockFile, string build, string start)
    {
        var service = Project.Only((lockFile, ""), ("package.json", """{"scripts":{"build":"next build","start":"next start"},"dependencies":{"next":"15"}}"""));
        Assert.Equal((build, start), (service.BuildCommand!.Value, service.StartCommand!.Value));
        Assert.Equal("package.json has the dependency next", service.Runtime.Reason);
        Assert.Equal(("shop", "Next.js", ServiceType.WebService), (service.Name, service.Framework, service.Type));
    }

    [Fact]
    public void Next_that_exports_is_a_static_site()
    {
        const string package = """{"scripts":{"build":"next build"},"dependencies":{"next":"15"}}""";
        var site = Project.Only(("package.json", package), ("next.config.mjs", "export default {\n  output: 'export',\n  distDir: 'site',\n};\n"));
        Assert.Equal((ServiceType.StaticSite, "site"), (site.Type, site.PublishPath!.Value));
        var server = Project.Only(("package.json", package), ("next.config.mjs", "export default {\n  // output: 'export',\n};\n"));
        Assert.Equal((ServiceType.WebService, "npx next start"), (server.Type, server.StartCommand!.Value));
    }

    [Theory]
    [InlineData("""{"dependencies":{"@sveltejs/kit":"2","@sveltejs/adapter-static":"3"}}""", "svelte.config.js", "", "build")]
    [InlineData("""{"dependencies":{"astro":"5"}}""", "astro.config.mjs", "export default { outDir: './site' }", "site")]
    [InlineData("""{"dependencies":{"nuxt":"^3.1.0"}}""", "nuxt.config.ts", "export default { nitro: { preset: 'static' } }", ".output/public")]
    [InlineData("""{"dependencies":{"nuxt":"^2.15.0"}}""", "nuxt.config.js", "export default { target: 'static' }", "dist")]
    [InlineData("""{"devDependencies":{"vite":"7"}}""", "vite.config.ts", "export default { build: { outDir: './public' } }", "public")]
    [InlineData("""{"dependencies":{"gatsby":"5"}}""", "gatsby-config.js", "", "public")]
    [InlineData("""{"dependencies":{"@docusaurus/core":"3"}}""", "docusaurus.config.js", "", "build")]
    public void The_configuration_says_where_the_built_files_are(string package, string file, string text, string publish)
    {
        var site = Project.Only(("package.json", package), (file, text), ("index.html", ""));
        Assert.Equal((ServiceType.StaticSite, "static", publish), (site.Type, site.Runtime.Value, site.PublishPath!.Value));
    }

    [Fact]
    public void Servers_that_listen_on_localhost_are_told_to_listen_on_all_addresses()
    {
        var astro = Project.Only(
            ("package.json", """{"dependencies":{"astro":"5","@astrojs/node":"9"}}"""), ("astro.config.mjs", "import node from '@astrojs/node';\nexport default { adapter: node() };\n"));
        Assert.Equal("node dist/server/entry.mjs", astro.StartCommand!.Value);
        Assert.Equal(("HOST", "0.0.0.0"), (astro.Variables.Single().Key, astro.Variables.Single().Value));
        var rocket = Project.Only(("Cargo.toml", "[package]\nname = \"api\"\n\n[dependencies]\nrocket = \"0.5\"\n"), ("src/main.rs", ""));
        Assert.Equal(("ROCKET_ADDRESS", "0.0.0.0"), (rocket.Variables.Single().Key, rocket.Variables.Single().Value));
    }

    [Fact]
    public void Routes_of_the_browser_lead_to_the_page()
    {
        var site = Project.Only(("package.json", """{"dependencies":{"react-router-dom":"7"},"devDependencies":{"vite":"7"}}"""), ("index.html", ""));
        Assert.Equal(new Guess("/index.html", "react-router-dom has routes that exist in the browser only"), site.FallbackPage);
    }

    [Theory]
    [InlineData("""{"scripts":{"start":"node --enable-source-maps dist/index.js"},"dependencies":{"express":"5"}}""", "node --enable-source-maps dist/index.js")]
    [InlineData("""{"scripts":{"start":"nodemon app.js"},"dependencies":{"express":"5"}}""", "node app.js")]
    [InlineData("""{"scripts":{"start":"vite","start:prod":"NODE_ENV=production node app.js"},"dependencies":{"koa":"3"}}""", "npm run start:prod")]
    [InlineData("""{"main":"lib/web.js","dependencies":{"fastify":"5"}}""", "node lib/web.js")]
    [InlineData("""{"dependencies":{"@nestjs/core":"11"},"scripts":{"start":"nest start"}}""", "node dist/main")]
    public void A_server_is_started_as_in_production(string package, string start) =>
        Assert.Equal(start, Project.Only(("package.json", package), ("app.js", ""), ("lib/web.js", "")).StartCommand!.Value);

    [Theory]
    [InlineData("app.get('/healthz', (req, res) => res.send('ok'))", "/healthz")]
    [InlineData("app.get('/users', list)", null)]
    public void A_health_check_path_is_proposed_where_the_code_serves_one(string code, string? path) =>
        Assert.Equal(path, Project.Only(("package.json", """{"scripts":{"start":"node app.js"},"dependencies":{"express":"5"}}"""), ("app.js", code)).HealthCheckPath?.Value);

    [Theory]
    [InlineData("uv.lock", "pip install uv && uv sync --locked --no-dev && uv pip install gunicorn")]
    [InlineData("poetry.lock", "pip install poetry && poetry install --only main && pip install gunicorn")]
    [InlineData("Pipfile.lock", "pip install pipenv && pipenv install --deploy && pip install gunicorn")]
    [InlineData("requirements.txt", "pip install -r requirements.txt gunicorn")]
    public void What_a_python_project_is_missing_is_installed_too(string lockFile, string build)
    {
        var service = Project.Only(
            (lockFile, "flask==3\n"), ("pyproject.toml", "[project]\nname = \"shop\"\ndependencies = [\n  \"Flask>=3\",  # the web\n]\n"),
            ("shop/__init__.py", "from flask import Flask\n\ndef create_app():\n    app = Flask(__name__)\n    return app\n"));
        Assert.Equal((build, "gunicorn 'shop:create_app()'"), (service.BuildCommand!.Value, service.StartCommand!.Value));
    }

    [Fact]
    public void Django_below_its_requirements_is_found_with_its_settings()
    {
        var service = Project.Only(
            ("requirements/base.txt", "Django==5\npsycopg2-binary\n"), ("requirements.txt", "-r requirements/base.txt\ngunicorn\n"),
            ("web/manage.py", "os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"config.settings.local\")\n"), ("web/config/wsgi.py", ""),
            ("web/config/settings/base.py", "SECRET_KEY = env(\"DJANGO_SECRET_KEY\")\nDATABASES = {\"default\": env.db(\"DATABASE_URL\")}\nSTATIC_ROOT = \"static\"\n"));
        Assert.Equal("gunicorn --chdir web config.wsgi:application", service.StartCommand!.Value);
        Assert.Equal("pip install -r requirements.txt && python web/manage.py collectstatic --no-input && python web/manage.py migrate", service.BuildCommand!.Value);
        Assert.Equal(["DJANGO_SECRET_KEY", "DATABASE_URL"], service.Variables.Select(variable => variable.Key));
        Assert.Equal("shop-db", service.DatabaseName);
        Assert.True(service.NeedsDatabase);
    }

    [Fact]
    public void Rails_gets_its_secrets_database_and_health_check()
    {
        var service = Project.Only(
            ("Gemfile", "gem \"rails\", \"~> 8.0\"\ngem \"pg\"\ngem \"puma\"\n"), ("config/application.rb", ""), ("config/puma.rb", ""), ("config/credentials.yml.enc", "x"),
            ("config/routes.rb", "Rails.application.routes.draw do\n  get \"up\" => \"rails/health#show\", as: :rails_health_check\nend\n"), ("package.json", "{}"));
        Assert.Equal("/up", service.HealthCheckPath!.Value);
        Assert.Equal([("RAILS_MASTER_KEY", VariableSource.Prompted), ("DATABASE_URL", VariableSource.Database)], service.Variables.Select(item => (item.Key, item.Source)));
    }

    [Fact]
    public void A_go_program_is_found_below_cmd_and_not_written_into_a_directory()
    {
        var service = Project.Only(
            ("go.mod", "module example.com/shop\n\ngo 1.24\n"), ("cmd/worker/main.go", "package main\n"), ("cmd/server/main.go", "package main\n"), ("app/app.go", "package app\n"));
        Assert.Equal(("go build -tags netgo -ldflags '-s -w' -o server ./cmd/server", "./server"), (service.BuildCommand!.Value, service.StartCommand!.Value));
    }

    [Theory]
    [InlineData("package-lock.json", "npm ci && npm run build --workspace=apps/web", "npm start --workspace=apps/web")]
    [InlineData("yarn.lock", "yarn && yarn workspace web build", "yarn workspace web start")]
    [InlineData("pnpm-lock.yaml", "pnpm install --frozen-lockfile && pnpm --filter web... run build", "pnpm --filter web start")]
    [InlineData("bun.lock", "bun install && bun run --filter web build", "bun run --filter web start")]
    public void Packages_of_a_workspace_are_built_from_its_root(string lockFile, string build, string start)
    {
        var found = Project.Detect(
            (lockFile, ""), ("package.json", """{"workspaces":["apps/*","packages/*"]}"""),
            ("apps/web/package.json", """{"name":"web","scripts":{"build":"next build","start":"next start"},"dependencies":{"next":"15"}}"""),
            ("apps/site/package.json", """{"name":"site","devDependencies":{"vite":"7"}}"""), ("apps/site/index.html", ""),
            ("packages/ui/package.json", """{"name":"ui","main":"index.js","dependencies":{"express":"5"}}"""), ("packages/ui/index.js", "")).Services;
        Assert.Equal(["site", "web"], found.Select(item => item.Name));
        Assert.Equal("apps/site/dist", found[0].PublishPath!.Value);
        var web = found[1];
        Assert.Equal((null, build, start), (web.RootDirectory, web.BuildCommand!.Value, web.StartCommand!.Value));
    }

    [Fact]
    public void Several_apps_get_names_and_directories_of_their_own()
    {
        var found = Project.Detect(
            ("web/package.json", """{"devDependencies":{"vite":"7"}}"""), ("web/index.html", ""),
            ("services/api/requirements.txt", "fastapi[standard]\n"), ("services/api/app/main.py", "app = FastAPI()\n\n@app.get(\"/health\")\n"),
            ("node_modules/x/package.json", """{"scripts":{"start":"node x.js"}}"""), ("tests/package.json", """{"scripts":{"start":"node x.js"}}""")).Services;
        Assert.Equal([("api", "services/api"), ("web", "web")], found.Select(item => (item.Name, item.RootDirectory!.Value)));
        Assert.Equal("uvicorn app.main:app --host 0.0.0.0 --port $PORT", found[0].StartCommand!.Value);
        Assert.Equal("/health", found[0].HealthCheckPath!.Value);
    }

    [Fact]
    public void A_frontend_beside_an_app_is_an_app_of_its_own_unless_the_app_builds_it()
    {
        (string, string)[] client = [("client/package.json", """{"dependencies":{"react-scripts":"5"}}"""), ("app.js", "")];
        Assert.Equal(2, Project.Detect([("package.json", """{"scripts":{"start":"node app.js"},"dependencies":{"express":"5"}}"""), .. client]).Services.Count);
        Assert.Single(Project.Detect(
            [("package.json", """{"scripts":{"start":"node app.js","build":"npm run build --prefix client"},"dependencies":{"express":"5"}}"""), .. client]).Services);
    }

    [Fact]
    public void A_dockerfile_is_named_only_where_nothing_else_is_recognized()
    {
        var image = Project.Only(("Dockerfile", "FROM php\n"));
        Assert.Equal(("docker", "./Dockerfile"), (image.Runtime.Value, image.DockerfilePath!.Value));
        Assert.Contains("needs a container engine", Assert.Single(image.Notes), StringComparison.Ordinal);
        Assert.Equal("node", Project.Only(("Dockerfile", "FROM node\n"), ("package.json", """{"scripts":{"start":"node a.js"}}""")).Runtime.Value);
    }

    [Fact]
    public void Pages_are_published_as_they_are()
    {
        Assert.Equal(".", Project.Only(("index.html", ""), ("style.css", "")).PublishPath!.Value);
        Assert.Equal("public", Project.Only(("public/index.html", "")).PublishPath!.Value);
    }

    [Fact]
    public void Nothing_is_found_where_nothing_is()
    {
        Assert.True(Project.Detect().IsEmpty);
        Assert.Equal((0, false), (Project.Detect(("README.md", "")).Services.Count, Project.Detect(("README.md", "")).IsEmpty));
        Assert.Empty(Project.Detect(("package.json", """{"dependencies":{"expo":"53"},"scripts":{"start":"expo start"}}""")).Services);
    }
}
