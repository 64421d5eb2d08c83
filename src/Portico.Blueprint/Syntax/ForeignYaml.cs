namespace Portico.Blueprint.Syntax;

/// <summary>Recognizes YAML and JSON files of other tools by their keys.</summary>
internal static class ForeignYaml
{
    private const string Translate = "describe the app in a render.yaml instead: https://render.com/docs/blueprint-spec";

    private static readonly (Func<YamlMap, bool> Fits, ForeignFile File)[] Formats =
    [
        (IsCompose, new("a Docker Compose file",
            "write each service as an item '- type: web' (or pserv, worker) with a name, a runtime and its commands, databases under 'databases:', and Redis as 'type: keyvalue'")),
        (map => Has(map, "apiVersion") && Has(map, "kind"), new("a Kubernetes manifest",
            "write each Deployment as an item '- type: web' (or pserv, worker) under 'services:', and each CronJob as 'type: cron'")),
        (map => Has(map, "apiVersion") && Has(map, "name") && Has(map, "version"), new("a Helm chart", Translate)),
        (map => Schema(map, "railway"), Railway),
        (IsVercel, new("a vercel.json",
            "write a static site as '- type: web' with 'runtime: static' and 'staticPublishPath', with its rewrites and redirects as 'routes'")),
        (IsHeroku, new("a Heroku app.json",
            "write 'formation' as items of 'services:', 'env' as their 'envVars', 'addons' as 'databases:' or 'type: keyvalue', and 'postdeploy' as 'initialDeployHook'")),
        (map => Has(map, "dependencies") || Has(map, "devDependencies") || (Has(map, "scripts") && Has(map, "name")), new("a package.json",
            "keep it, and write a render.yaml beside it that names its commands: buildCommand: npm ci, startCommand: npm start")),
        (map => Child(map, "build") is { } build && (Has(build, "docker") || Has(build, "languages")), new("a heroku.yml", Translate)),
        (map => Child(map, "build") is { } build && Child(map, "deploy") is not null && (Has(build, "builder") || Has(build, "buildCommand")), Railway),
        (IsAppPlatform, new("a DigitalOcean app spec",
            "write each of its services, workers and jobs as an item under 'services:' with a 'type' (web, pserv, worker, cron) and a 'runtime'")),
        (map => Has(map, "jobs") && (Has(map, "on") || Has(map, "orbs") || Has(map, "workflows")), new("a workflow of a CI service", Translate)),
        (map => Has(map, "stages") || map.Entries.Any(entry => entry.Value is YamlMap job && Has(job, "script") && !Has(job, "type")), new("a GitLab CI file", Translate)),
        (map => Text(map, "runtime") is not null && (Has(map, "handlers") || Has(map, "entrypoint") || Has(map, "instance_class") || Has(map, "env_variables")),
            new("a Google App Engine app.yaml", "write it as '- type: web' with 'startCommand' for its entrypoint and 'envVars' for its env_variables")),
        (map => Text(map, "service") is not null && Text(map, "image") is not null && Has(map, "servers"), new("a Kamal deploy.yml", Translate)),
        (map => Items(map, "applications").Any(item => Has(item, "name")), new("a Cloud Foundry manifest", Translate)),
        (map => Has(map, "provider") && Has(map, "functions"), new("a serverless.yml", Translate)),
        (map => Has(map, "AWSTemplateFormatVersion") || Child(map, "Resources") is not null, new("a CloudFormation template", Translate)),
        (map => Has(map, "openapi") || Has(map, "swagger"), new("an OpenAPI document", "pass the render.yaml that deploys the API")),
        (map => Has(map, "schemaVersion") && (Has(map, "dockerfilePath") || Has(map, "templateId") || Has(map, "imageName")), new("a CapRover captain-definition", Translate)),
    ];

    private static ForeignFile Railway => new("a railway.json",
        "write the service as '- type: web' with 'buildCommand', 'startCommand' and 'healthCheckPath' from its build and deploy sections");

    public static ForeignFile? Recognize(YamlMap map)
    {
        foreach (var (fits, file) in Formats)
            if (fits(map))
                return file;
        return null;
    }

    /// <summary>A Blueprint has a list of services, a Compose file a mapping of them.</summary>
    private static bool IsCompose(YamlMap map) =>
        Child(map, "services") is { } services && services.Entries.All(entry => entry.Value is YamlMap or YamlScalar { IsNull: true })
        && !Has(services, "type");

    private static bool IsHeroku(YamlMap map) =>
        Schema(map, "heroku") || Has(map, "formation") || Has(map, "buildpacks") || Has(map, "addons") || Has(map, "success_url")
        || (Child(map, "scripts") is { } scripts && Has(scripts, "postdeploy"));

    private static bool IsVercel(YamlMap map) =>
        Schema(map, "vercel") || Has(map, "cleanUrls") || (Has(map, "builds") && Has(map, "version")) || Items(map, "builds").Any(item => Has(item, "use"))
        || Items(map, "rewrites").Concat(Items(map, "redirects")).Any(item => Has(item, "source") && Has(item, "destination"));

    private static bool IsAppPlatform(YamlMap map) =>
        Items(map, "services").Concat(Items(map, "workers")).Concat(Items(map, "static_sites")).Concat(Items(map, "jobs"))
            .Any(item => !Has(item, "type") && (Has(item, "github") || Has(item, "gitlab") || Has(item, "git") || Has(item, "instance_size_slug")
                || Has(item, "environment_slug") || Has(item, "http_port")));

    private static IEnumerable<YamlMap> Items(YamlMap map, string key) =>
        map.Find(key) is { Value: YamlList list } ? list.Items.OfType<YamlMap>() : [];

    private static bool Schema(YamlMap map, string of) => Text(map, "$schema")?.Contains(of, StringComparison.OrdinalIgnoreCase) is true;

    private static bool Has(YamlMap map, string key) => map.Find(key) is not null;

    private static YamlMap? Child(YamlMap map, string key) => map.Find(key)?.Value as YamlMap;

    private static string? Text(YamlMap map, string key) => (map.Find(key)?.Value as YamlScalar)?.Text;
}
