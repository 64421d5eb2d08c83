using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Node;

/// <summary>Remix, and React Router as a framework, which Remix became. See https://render.com/docs/deploy-remix.</summary>
internal static class ReactRouterFramework
{
    private static readonly string[] Remix = ["@remix-run/serve", "@remix-run/node", "@remix-run/express", "@remix-run/dev"];
    private static readonly string[] Router = ["@react-router/dev", "@react-router/serve", "@react-router/node"];
    private static readonly Regex NoServer = Pattern.Of(@"\bssr\s*:\s*false");

    public static ServiceProposal? Detect(NodeApp app)
    {
        if (app.Package.FirstOf([.. Remix, .. Router]) is not { } package)
            return null;
        var name = Remix.Contains(package) ? "Remix" : "React Router";
        var reason = $"package.json has the dependency {package}";
        var file = app.Directory.FirstOf("react-router.config.ts", "react-router.config.js", "vite.config.ts", "vite.config.js");
        if (file is not null && NoServer.IsMatch(CodeText.WithoutComments(app.Directory.Read(file) ?? "")))
            return app.Site(name, $"{reason}, and {file} has ssr: false", new Guess("build/client", "the build writes the pages to this directory")) with
            {
                FallbackPage = new Guess("/index.html", "its routes exist in the browser only"),
            };
        var start = app.Start() ?? (name == "Remix"
            ? new Guess("npx remix-serve build/server/index.js", "package.json has no script that starts it")
            : new Guess("npx react-router-serve ./build/server/index.js", "package.json has no script that starts it"));
        return app.Server(name, reason, start);
    }
}
