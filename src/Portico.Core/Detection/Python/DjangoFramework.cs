using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Python;

/// <summary>Django. See https://render.com/docs/deploy-django.</summary>
internal static class DjangoFramework
{
    private static readonly Regex Settings = Pattern.Of("""DJANGO_SETTINGS_MODULE["']\s*,\s*["']([A-Za-z_][\w.]*)["']""");
    private static readonly Regex SecretKey = Pattern.Of("""(?:environ\[|environ\.get\(|getenv\(|\benv(?:\.str)?\(|\bconfig\()\s*["'](\w*SECRET_KEY)["']""");
    private static readonly Regex DatabaseUrl = Pattern.Of(@"dj_database_url|DATABASE_URL|\benv\.db\(");
    private static readonly Regex BuildScript = Pattern.Of(@"\b(pip|poetry|uv|pipenv)\b");

    public static ServiceProposal? Detect(ProjectDirectory directory, PythonPackages packages)
    {
        // The file may be one level below that of the packages.
        if (directory.WithBelow(1).FirstOrDefault(place => place.Has("manage.py")) is not { } home
            || Settings.First(home.Read("manage.py")) is not { } settings || !(packages.Has("django") || directory.Has("manage.py")))
            return null;
        var place = home == directory ? null : home.From(directory);
        var package = Package(home, settings);
        var texts = SettingsTexts(home, settings);
        var (start, missing) = Start(home, package, place, packages);
        return PythonDetector.Server("Django", "there is a manage.py", packages, start, missing) with
        {
            BuildCommand = Build(directory, packages, place, missing, texts.Contains("STATIC_ROOT", StringComparison.Ordinal)),
            Variables = [.. Variables(texts, packages)],
        };
    }

    private static string Package(ProjectDirectory home, string settings)
    {
        // `config.settings.production` belongs to `config`: the package that has the server's module.
        for (var name = settings; name.Contains('.', StringComparison.Ordinal);)
        {
            name = name[..name.LastIndexOf('.')];
            if (home.Find(name.Replace('.', '/')) is { } found && (found.Has("wsgi.py") || found.Has("asgi.py")))
                return name;
        }
        return settings.Split('.')[0];
    }

    private static string SettingsTexts(ProjectDirectory home, string settings)
    {
        var path = settings.Replace('.', '/');
        var outer = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : path;
        string?[] texts =
        [
            home.Read($"{path}.py"),
            .. new[] { path, outer }.Where(name => name.EndsWith("settings", StringComparison.Ordinal)).Select(name => home.Find(name)).OfType<ProjectDirectory>()
                .SelectMany(found => found.Names.Where(name => name.EndsWith(".py", StringComparison.Ordinal)).Take(20).Select(found.Read)),
        ];
        return string.Join('\n', texts.OfType<string>());
    }

    private static (Guess Start, string[] Missing) Start(ProjectDirectory home, string package, string? place, PythonPackages packages)
    {
        var hasAsgi = home.Has($"{package.Replace('.', '/')}/asgi.py") && packages.Has("uvicorn");
        var directory = place is null ? "" : $"--chdir {place} ";
        return hasAsgi && packages.Has("gunicorn")
            ? (new Guess($"python -m gunicorn {directory}{package}.asgi:application -k uvicorn.workers.UvicornWorker", "the project needs gunicorn and uvicorn, and gunicorn listens on the port in PORT"), [])
            : (new Guess($"gunicorn {directory}{package}.wsgi:application", "gunicorn listens on the port in PORT"), packages.Has("gunicorn") ? [] : ["gunicorn"]);
    }

    private static Guess Build(ProjectDirectory directory, PythonPackages packages, string? place, string[] missing, bool collects)
    {
        if (missing.Length == 0 && BuildScript.IsFoundIn(directory.Read("build.sh")))
            return new Guess("./build.sh", "there is a build.sh that installs the packages");
        var manage = place is null ? "python manage.py" : $"python {place}/manage.py";
        var steps = $"{packages.Install(missing)}{(collects ? $" && {manage} collectstatic --no-input" : "")} && {manage} migrate";
        return new Guess(steps, $"{packages.Reason}{(missing.Length == 0 ? "" : $", without {string.Join(" and ", missing)}")}, and Django migrates its database{(collects ? " and collects its static files" : "")}");
    }

    private static IEnumerable<VariableProposal> Variables(string settings, PythonPackages packages)
    {
        if (SecretKey.First(settings) is { } key)
            yield return new VariableProposal(key, VariableSource.Generated, null, "the settings read it");
        if (DatabaseUrl.IsMatch(settings) && (packages.Has("psycopg2-binary") || packages.Has("psycopg2") || packages.Has("psycopg") || packages.Has("psycopg[binary]")))
            yield return new VariableProposal("DATABASE_URL", VariableSource.Database, null, "the settings read it, and the project needs psycopg");
    }
}
