using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Node;

/// <summary>A server that the project starts itself. See https://render.com/docs/deploy-node-express-app.</summary>
internal static class ServerFrameworks
{
    private static readonly (string Package, string Name)[] Known =
    [
        ("express", "Express"), ("fastify", "Fastify"), ("koa", "Koa"), ("@hapi/hapi", "hapi"), ("hono", "Hono"), ("elysia", "Elysia"), ("restify", "Restify"),
        ("polka", "Polka"), ("@strapi/strapi", "Strapi"), ("@adonisjs/core", "AdonisJS"), ("@apollo/server", "Apollo"), ("socket.io", "Socket.IO"), ("ws", "ws"),
    ];

    private static readonly string[] Entries = ["server.js", "app.js", "index.js", "main.js", "server.mjs", "index.mjs", "app.mjs", "src/server.js", "src/index.js", "src/app.js"];
    private static readonly string[] Sources = ["src/index.ts", "src/server.ts", "src/app.ts", "src/main.ts", "server.ts", "index.ts", "app.ts"];
    private static readonly Regex PlainFile = Pattern.Of(@"\A[\w./-]+\.(js|mjs|cjs)\z");
    private static readonly Regex FileInCommand = Pattern.Of(@"([\w./-]+\.(?:js|mjs|cjs|ts))\b");

    /// <summary>Whether it has one of the frameworks, and a script that starts it in production.</summary>
    public static bool IsStarted(NodeApp app) => Framework(app) is not null && app.Start() is not null;

    public static ServiceProposal? Detect(NodeApp app)
    {
        if (Framework(app) is not var (package, name) || (app.Start() ?? Entry(app)) is not { } start)
            return null;
        return Server(app, name, $"package.json has the dependency {package}", start);
    }

    /// <summary>Recognizes any package that starts something in production.</summary>
    public static ServiceProposal? DetectAny(NodeApp app) =>
        app.Start() is { } start ? Server(app, "Node.js", "package.json has a script that starts it", start) : null;

    /// <summary>Returns the path of a health check that the entry file shows.</summary>
    public static Guess? HealthCheck(ProjectDirectory directory, string? entry)
    {
        foreach (var file in new[] { entry }.Concat(Entries).Concat(Sources).OfType<string>())
            if (CodeText.HealthPath(directory.Read(file)) is { } path)
                return new Guess(path, $"{file} serves it");
        return null;
    }

    private static ServiceProposal Server(NodeApp app, string name, string reason, Guess start) => app.Server(name, reason, start) with
    {
        HealthCheckPath = HealthCheck(app.Directory, FileInCommand.First(start.Value) ?? app.Package.Main),
    };

    private static (string Package, string Name)? Framework(NodeApp app)
    {
        var package = app.Package.FirstNeeded(Known.Select(item => item.Package));
        return package is null ? null : Known.First(item => item.Package == package);
    }

    // In a workspace, a package without a script to start it is a library.
    private static Guess? Entry(NodeApp app)
    {
        if (app.IsMember)
            return null;
        if (app.Package.Main is { } main && PlainFile.IsMatch(main) && app.Directory.Has(main))
            return app.RunFile(main, "package.json has it as main");
        return Entries.FirstOrDefault(app.Directory.Has) is { } file ? app.RunFile(file, "there is a file with this name") : null;
    }
}
