using Portico.Core.Detection.Files;
using Portico.Core.Services;

namespace Portico.Core.Detection.Python;

/// <summary>Recognizes a Python web app. See https://render.com/docs/deploy-flask and https://render.com/docs/deploy-fastapi.</summary>
internal static class PythonDetector
{
    private static readonly (string Package, string Name, string Type)[] AsgiFrameworks =
        [("fastapi", "FastAPI", "FastAPI"), ("litestar", "Litestar", "Litestar"), ("quart", "Quart", "Quart"), ("starlette", "Starlette", "Starlette")];

    /// <returns>Null if the directory has no Python web app.</returns>
    public static ServiceProposal? Detect(ProjectDirectory directory)
    {
        if (PythonPackages.In(directory) is not { } packages)
            return null;
        return DjangoFramework.Detect(directory, packages) ?? Asgi(directory, packages) ?? Flask(directory, packages) ?? Streamlit(directory, packages);
    }

    /// <param name="missing">What the start command needs and the project does not install.</param>
    public static ServiceProposal Server(string framework, string reason, PythonPackages packages, Guess start, params ReadOnlySpan<string> missing) => new()
    {
        Framework = framework,
        Type = ServiceType.WebService,
        Runtime = new Guess("python", reason),
        BuildCommand = new Guess(packages.Install(missing), missing.Length == 0 ? packages.Reason : $"{packages.Reason}, without {string.Join(" and ", missing.ToArray())}"),
        StartCommand = start,
    };

    private static ServiceProposal? Asgi(ProjectDirectory directory, PythonPackages packages)
    {
        foreach (var (package, name, type) in AsgiFrameworks)
        {
            if (!packages.Has(package) || PythonCode.Find(directory, type) is not { } app)
                continue;
            var place = app.Module.Place is { } outer ? $"--app-dir {outer} " : "";
            var start = $"uvicorn {place}{(app.IsFactory ? "--factory " : "")}{app.Module.Name}:{app.Name} --host 0.0.0.0 --port $PORT";
            var hasServer = packages.Has("uvicorn") || packages.Has("fastapi[all]") || packages.Has("fastapi[standard]") || packages.Has("fastapi-cli");
            return Server(name, $"the project needs {package}", packages, new Guess(start, $"{app.Module.Path} has the application as {app.Name}"), hasServer ? [] : ["uvicorn"]) with
            {
                HealthCheckPath = Health(app),
            };
        }
        return null;
    }

    private static ServiceProposal? Flask(ProjectDirectory directory, PythonPackages packages)
    {
        if (!packages.Has("flask") || PythonCode.Find(directory, "Flask") is not { } app)
            return null;
        var place = app.Module.Place is { } outer ? $"--chdir {outer} " : "";
        var target = app.IsFactory ? $"'{app.Module.Name}:{app.Name}()'" : $"{app.Module.Name}:{app.Name}";
        var start = new Guess($"gunicorn {place}{target}", $"{app.Module.Path} has the application as {app.Name}, and gunicorn listens on the port in PORT");
        return Server("Flask", "the project needs flask", packages, start, packages.Has("gunicorn") ? [] : ["gunicorn"]) with { HealthCheckPath = Health(app) };
    }

    private static ServiceProposal? Streamlit(ProjectDirectory directory, PythonPackages packages)
    {
        if (!packages.Has("streamlit") || directory.FirstOf("streamlit_app.py", "app.py", "main.py", "Home.py", "src/app.py") is not { } file)
            return null;
        var start = new Guess($"streamlit run {file} --server.address 0.0.0.0 --server.port $PORT", "there is a file with this name");
        return Server("Streamlit", "the project needs streamlit", packages, start);
    }

    private static Guess? Health(PythonApplication app) =>
        CodeText.HealthPath(app.Module.Text) is { } path ? new Guess(path, $"{app.Module.Path} serves it") : null;
}
