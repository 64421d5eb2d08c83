using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Node;

/// <summary>Astro: a static site, or a Node server with the adapter for it. See https://docs.astro.build/en/guides/deploy/render/.</summary>
internal static class AstroFramework
{
    private const string Name = "Astro", NodeAdapter = "@astrojs/node";
    private static readonly Regex UsesNode = Pattern.Of("""from\s+["'`]@astrojs/node["'`]""");
    private static readonly Regex OtherAdapter = Pattern.Of("""from\s+["'`](@astrojs/(?:vercel|netlify|cloudflare|deno)(?:/\w+)?)["'`]""");
    private static readonly Regex OutputDirectory = Pattern.Of("""\boutDir\s*:\s*["'`](?:\./)?([\w/-][\w./-]*)["'`]""");

    public static ServiceProposal? Detect(NodeApp app)
    {
        if (!app.Package.Has("astro"))
            return null;
        const string reason = "package.json has the dependency astro";
        var file = app.Directory.FirstOf("astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.cjs", "astro.config.mts");
        var configuration = file is null ? "" : CodeText.WithoutComments(app.Directory.Read(file) ?? "");
        var output = OutputDirectory.First(configuration)?.TrimEnd('/') ?? "dist";
        if (UsesNode.IsMatch(configuration) && app.Package.Has(NodeAdapter))
            return app.Server(Name, $"{reason}, and {file} uses {NodeAdapter}", app.RunFile($"{output}/server/entry.mjs", $"{NodeAdapter} writes this file")) with
            {
                Variables = [new VariableProposal("HOST", VariableSource.Literal, "0.0.0.0", "Astro's server listens on localhost only, unless HOST is set")],
            };
        var proposal = app.Site(Name, reason, new Guess(output, "astro build writes to this directory"));
        return OtherAdapter.First(configuration) is { } adapter
            ? proposal with { Notes = [$"The project uses {adapter}, which is for another platform: use {NodeAdapter} if it has pages that a server renders."] }
            : proposal;
    }
}
