using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Node;

/// <summary>Next.js: a Node server, or a static site if its configuration exports one. See https://render.com/docs/deploy-nextjs-app.</summary>
internal static class NextFramework
{
    private const string Name = "Next.js";
    private static readonly Regex Export = Pattern.Of("""\boutput\s*:\s*["'`]export["'`]""");
    private static readonly Regex OutputDirectory = Pattern.Of("""\bdistDir\s*:\s*["'`]([\w./-]+)["'`]""");

    public static ServiceProposal? Detect(NodeApp app)
    {
        if (!app.Package.Has("next"))
            return null;
        const string reason = "package.json has the dependency next";
        var file = app.Directory.FirstOf("next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs");
        var configuration = file is null ? "" : CodeText.WithoutComments(app.Directory.Read(file) ?? "");
        if (Export.IsMatch(configuration))
            return app.Site(Name, $"{reason}, and {file} has output: export", new Guess(OutputDirectory.First(configuration) ?? "out", "next build exports to this directory"));
        if (app.Package.Script("build")?.Contains("next export", StringComparison.Ordinal) == true)
            return app.Site(Name, $"{reason}, and the script build runs next export", new Guess("out", "next export writes to this directory"));
        var start = app.Start() ?? new Guess("npx next start", "package.json has no script that starts it in production");
        return app.Server(Name, reason, start) with { HealthCheckPath = HealthRoute(app.Directory) };
    }

    private static Guess? HealthRoute(ProjectDirectory directory)
    {
        foreach (var name in new[] { "health", "healthz", "healthcheck" })
            foreach (var extension in new[] { "ts", "js" })
                foreach (var path in new[] { $"app/api/{name}/route", $"src/app/api/{name}/route", $"pages/api/{name}", $"src/pages/api/{name}" })
                    if (directory.Has($"{path}.{extension}"))
                        return new Guess($"/api/{name}", $"there is a file {path}.{extension}");
        return null;
    }
}
