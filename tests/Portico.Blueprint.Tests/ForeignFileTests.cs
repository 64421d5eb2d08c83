using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Tests;

/// <summary>What people pass by mistake is named, in one message, instead of a list of unknown fields.</summary>
public sealed class ForeignFileTests
{
    [Theory]
    [InlineData("a Docker Compose file", "version: '3.9'\nservices:\n  web:\n    build: .\n    ports: ['80:80']\n  db:\n    image: postgres\nvolumes:\n  data:\n")]
    [InlineData("a Docker Compose file", "services: {web: {image: nginx}}")]
    [InlineData("a fly.toml", "app = \"shop\"\nprimary_region = \"iad\"\n\n[http_service]\n  internal_port = 8080\n  force_https = true\n")]
    [InlineData("a fly.toml", "# fly.toml\napp = 'shop'\n[[services]]\n  internal_port = 8080\n")]
    [InlineData("a Heroku app.json", """{"name": "shop", "env": {"KEY": {"generator": "secret"}}, "formation": {"web": {"quantity": 1}}}""")]
    [InlineData("a Heroku app.json", """{"name": "shop", "scripts": {"postdeploy": "rake db:seed"}, "buildpacks": [{"url": "heroku/ruby"}]}""")]
    [InlineData("a Procfile", "web: gunicorn app:app --bind 0.0.0.0:$PORT\nworker: celery -A app worker\nrelease: ./migrate\n")]
    [InlineData("a Procfile", "web: npm start -- --name=a: b\n")]
    [InlineData("a railway.json", """{"$schema": "https://railway.app/railway.schema.json", "build": {"builder": "NIXPACKS"}, "deploy": {"startCommand": "npm start"}}""")]
    [InlineData("a railway.json", """{"build": {"builder": "NIXPACKS"}, "deploy": {"startCommand": "npm start"}}""")]
    [InlineData("a railway.toml", "[build]\nbuilder = \"nixpacks\"\n[deploy]\nstartCommand = \"npm start\"\n")]
    [InlineData("a Dockerfile", "# syntax=docker/dockerfile:1\nARG NODE=22\nFROM node:${NODE}\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"index.js\"]\n")]
    [InlineData("a Kubernetes manifest", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec: {}\n---\napiVersion: v1\nkind: Service\n")]
    [InlineData("a Helm chart", "apiVersion: v2\nname: shop\nversion: 0.1.0\n")]
    [InlineData("a heroku.yml", "build:\n  docker:\n    web: Dockerfile\n")]
    [InlineData("a DigitalOcean app spec", "name: shop\nservices:\n- name: web\n  github: {repo: a/b, branch: main}\n  http_port: 8080\ndatabases:\n- engine: PG\n  name: db\n")]
    [InlineData("a package.json", """{"name": "shop", "version": "1.0.0", "scripts": {"start": "node ."}, "dependencies": {}}""")]
    [InlineData("a vercel.json", """{"$schema": "https://openapi.vercel.sh/vercel.json", "rewrites": []}""")]
    [InlineData("a vercel.json", """{"rewrites": [{"source": "/(.*)", "destination": "/index.html"}]}""")]
    [InlineData("a vercel.json", """{"builds": [{"src": "*.js", "use": "@vercel/node"}]}""")]
    [InlineData("a Cloud Foundry manifest", "---\nversion: 1\napplications:\n- name: shop\n  memory: 256M\n")]
    [InlineData("a netlify.toml", "[build]\n  command = \"npm run build\"\n  publish = \"dist\"\n")]
    [InlineData("a workflow of a CI service", "name: ci\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n")]
    [InlineData("a Google App Engine app.yaml", "runtime: python312\nentrypoint: gunicorn main:app\n")]
    [InlineData("a Kamal deploy.yml", "service: shop\nimage: me/shop\nservers:\n  web:\n    - 10.0.0.1\n")]
    [InlineData("a Terraform configuration", "provider \"render\" {\n  api_key = \"x\"\n}\n\nresource \"render_web_service\" \"web\" {\n  name = \"web\"\n}\n")]
    [InlineData("a file of environment variables", "# settings\nDATABASE_URL=postgres://a@b/c\nexport DEBUG=1\n")]
    [InlineData("a script", "#!/bin/sh\nset -e\nnpm start\n")]
    [InlineData("an HTML or XML page", "<!DOCTYPE html>\n<html><title>404</title></html>\n")]
    [InlineData("an OpenAPI document", "openapi: 3.1.0\npaths: {}\n")]
    public void A_file_of_another_tool_is_named(string name, string text)
    {
        var found = Assert.Single(BlueprintParser.Parse(text).Diagnostics);

        Assert.Equal((Severity.Error, Codes.ForeignFile, $"this is {name}, not a Blueprint"), (found.Severity, found.Code, found.Message));
        Assert.NotNull(found.Suggestion);
    }

    [Theory]
    [InlineData("services:\n- {type: web, name: web, runtime: node, startCommand: a}\n")]
    [InlineData("envVarGroups:\n- {name: g, envVars: [{key: A, value: b}]}\n")]
    [InlineData("databases:\n- name: db\n")]
    [InlineData("servces:\n- name: web\n")]
    [InlineData("services:\n")]
    [InlineData("services: {type: web, name: web}\n")]
    [InlineData("version: '1'\n")]
    [InlineData("web")]
    [InlineData("")]
    [InlineData("[a]")]
    [InlineData("a: b\n")]
    public void A_Blueprint_and_what_nobody_knows_are_not_taken_for_another_file(string text) =>
        Assert.DoesNotContain(BlueprintParser.Parse(text).Diagnostics, item => item.Code == Codes.ForeignFile);

    [Fact]
    public void No_file_of_the_corpus_is_taken_for_another_file() => Assert.DoesNotContain(
        CorpusFiles.Read(), file => BlueprintParser.Parse(file.Text).Diagnostics.Any(item => item.Code == Codes.ForeignFile));

    [Theory]
    [InlineData("services:\n  - type: web\n\tname: web\n", 3, 1)]
    [InlineData("services:\n  - type: web\n\tname: web\n\truntime: node\n", 3, 1)]
    [InlineData("services:\n\t- type: web\n\t  name: web\n", 2, 1)]
    [InlineData("services:\n  - type: web\n    name: web\n    envVars:\n\t  - key: A\n", 5, 1)]
    [InlineData("services:\n  - type: web\n  \tname: web\n", 3, 3)]
    [InlineData("services:\n  - type: web\n    name: web\n    runtime: node\n    startCommand: a\n    envVars:\n      - key: A\n      \tvalue: b\n", 8, 7)]
    [InlineData("services:\r\n  - type: web\r\n\tname: web\r\n", 3, 1)]
    public void A_tab_is_reported_where_it_stands(string text, int line, int column)
    {
        var found = BlueprintParser.Parse(text).Diagnostics[0];

        Assert.Equal((line, column), (found.Line, found.Column));
        Assert.Contains("tab", found.Message, StringComparison.Ordinal);
    }
}
