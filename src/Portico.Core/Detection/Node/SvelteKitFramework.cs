using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Node;

/// <summary>SvelteKit, whose adapter says what it is built for. See https://render.com/docs/deploy-sveltekit.</summary>
internal static class SvelteKitFramework
{
    private const string Name = "SvelteKit", NodeAdapter = "@sveltejs/adapter-node", StaticAdapter = "@sveltejs/adapter-static";
    private static readonly Regex Imported = Pattern.Of("""from\s+["'`](@sveltejs/adapter-[a-z]+)["'`]""");
    private static readonly Regex Pages = Pattern.Of("""\bpages\s*:\s*["'`]([\w./-]+)["'`]""");
    private static readonly Regex Output = Pattern.Of("""\bout\s*:\s*["'`]([\w./-]+)["'`]""");
    private static readonly Regex Fallback = Pattern.Of("""\bfallback\s*:\s*["'`]([\w.-]+\.html)["'`]""");

    public static ServiceProposal? Detect(NodeApp app)
    {
        if (!app.Package.Has("@sveltejs/kit"))
            return null;
        var file = app.Directory.FirstOf("svelte.config.js", "svelte.config.ts", "svelte.config.mjs");
        var configuration = file is null ? "" : CodeText.WithoutComments(app.Directory.Read(file) ?? "");
        var adapter = Imported.First(configuration) ?? app.Package.FirstOf([NodeAdapter, StaticAdapter]);
        var reason = $"package.json has the dependency @sveltejs/kit with {adapter ?? "no adapter"}";
        if (adapter == StaticAdapter)
            return app.Site(Name, reason, new Guess(Pages.First(configuration) ?? "build", "the adapter writes to this directory")) with
            {
                FallbackPage = Fallback.First(configuration) is { } page ? new Guess("/" + page, $"{file} has it as the fallback") : null,
            };
        var proposal = app.Server(Name, reason, app.RunFile($"{Output.First(configuration) ?? "build"}/index.js", $"{NodeAdapter} writes this file, and it listens on the port in PORT"));
        return adapter == NodeAdapter ? proposal : proposal with
        {
            Notes = [$"The project does not use {NodeAdapter}, so its build does not make a server: install the adapter and use it in {file ?? "svelte.config.js"}."],
        };
    }
}
