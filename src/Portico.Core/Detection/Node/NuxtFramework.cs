using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Node;

/// <summary>Nuxt. See https://render.com/docs/deploy-nuxtjs and https://nuxt.com/deploy/render.</summary>
internal static class NuxtFramework
{
    private const string Name = "Nuxt";
    private static readonly Regex Second = Pattern.Of(@"\A[\^~]?2\.");
    private static readonly Regex StaticTarget = Pattern.Of("""\btarget\s*:\s*["'`]static["'`]""");
    private static readonly Regex StaticPreset = Pattern.Of("""\bpreset\s*:\s*["'`]static["'`]""");

    public static ServiceProposal? Detect(NodeApp app)
    {
        if (app.Package.FirstOf(["nuxt", "nuxt3", "nuxt-edge"]) is not { } package)
            return null;
        var reason = $"package.json has the dependency {package}";
        var file = app.Directory.FirstOf("nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs");
        var configuration = file is null ? "" : CodeText.WithoutComments(app.Directory.Read(file) ?? "");
        if (package == "nuxt" && Second.IsFoundIn(app.Package.Version(package)))
            return DetectSecond(app, reason, configuration);
        if (StaticPreset.IsMatch(configuration) || app.Package.Script("build")?.Contains("generate", StringComparison.Ordinal) == true)
            return app.Site(Name, $"{reason}, and its build generates a static site", new Guess(".output/public", "nuxt generate writes to this directory"));
        return app.Server(Name, reason, app.RunFile(".output/server/index.mjs", "nuxt build writes this file, and it listens on the port in PORT"));
    }

    private static ServiceProposal DetectSecond(NodeApp app, string reason, string configuration)
    {
        if (StaticTarget.IsMatch(configuration))
            return app.Site(Name, $"{reason} in version 2, and its target is static", new Guess("dist", "nuxt generate writes to this directory"), script: "generate");
        var start = app.Start() ?? new Guess("npx nuxt start", "package.json has no script that starts it in production");
        return app.Server(Name, $"{reason} in version 2", start) with
        {
            Variables = [new VariableProposal("HOST", VariableSource.Literal, "0.0.0.0", "Nuxt 2 listens on localhost only, unless HOST is set")],
        };
    }
}
