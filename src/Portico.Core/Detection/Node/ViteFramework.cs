using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Node;

/// <summary>A site that Vite builds from an <c>index.html</c>.</summary>
internal static class ViteFramework
{
    private static readonly Regex OutputDirectory = Pattern.Of("""\boutDir\s*:\s*["'`](?:\./)?([\w./-]+)["'`]""");
    private static readonly Regex Root = Pattern.Of("""\broot\s*:\s*["'`](?:\./)?([\w/-][\w./-]*)["'`]""");

    public static ServiceProposal? Detect(NodeApp app)
    {
        var file = app.Directory.FirstOf("vite.config.ts", "vite.config.js", "vite.config.mjs", "vite.config.mts");
        // The packages of a workspace can share the root's Vite.
        if ((app.Package.FirstOf(["vite", "rolldown-vite", "parcel"]) ?? (file is null ? null : "vite")) is not { } package)
            return null;
        var configuration = file is null ? "" : CodeText.WithoutComments(app.Directory.Read(file) ?? "");
        var root = Root.First(configuration)?.TrimEnd('/');
        // Without a page it builds a library.
        if (!app.Directory.Has(root is null ? "index.html" : $"{root}/index.html") && !app.Directory.Has("src/index.html"))
            return null;
        var name = package == "parcel" ? "Parcel" : "Vite";
        return app.Site(name, app.Package.Has(package) ? $"package.json has the dependency {package}, and there is an index.html" : $"there is a {file} and an index.html", Output(root, OutputDirectory.First(configuration), file)) with
        {
            FallbackPage = Routers.FallbackOf(app),
        };
    }

    private static Guess Output(string? root, string? output, string? file)
    {
        // A path out of the root starts with dots and is resolved as far as text can.
        var path = root is null ? output ?? "dist" : $"{root}/{output ?? "dist"}";
        for (var at = path.IndexOf("/../", StringComparison.Ordinal); at > 0; at = path.IndexOf("/../", StringComparison.Ordinal))
            path = path[..(path.LastIndexOf('/', at - 1) + 1)] + path[(at + 4)..];
        return new Guess(path.TrimEnd('/'), output is null ? "the build writes to this directory" : $"{file} has it as outDir");
    }
}
