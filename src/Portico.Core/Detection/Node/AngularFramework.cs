using System.Text.Json;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Node;

/// <summary>Angular, whose <c>angular.json</c> says where the built files are.</summary>
internal static class AngularFramework
{
    private const string FileName = "angular.json";

    public static ServiceProposal? Detect(NodeApp app)
    {
        if (!app.Package.Has("@angular/core") || JsonText.Parse(app.Directory.Read(FileName)) is not { } root)
            return null;
        const string reason = "package.json has the dependency @angular/core";
        var (name, project) = Project(root);
        if (name is null || !Names.IsMatch(name))
            return null;
        var build = (project.At("architect") ?? project.At("targets")).At("build");
        var options = build.At("options");
        var output = OutputOf(name, build.At("builder").Text() ?? "", options.At("outputPath"));
        var renders = options.At("ssr") is { ValueKind: JsonValueKind.True or JsonValueKind.Object } && options.At("outputMode").Text() != "static";
        if (renders)
            return app.Server("Angular", $"{reason}, and {FileName} has ssr", app.RunFile($"{output.Base}/server/server.mjs", "ng build writes this file"));
        return app.Site("Angular", reason, new Guess(output.Browser, $"{FileName} builds the project {name} to this directory")) with
        {
            FallbackPage = app.Package.Has("@angular/router") ? new Guess("/index.html", "@angular/router has routes that exist in the browser only") : null,
        };
    }

    private static readonly System.Text.RegularExpressions.Regex Names = Pattern.Of(@"\A[@\w./-]+\z");

    private static (string? Name, JsonElement? Project) Project(JsonElement root)
    {
        JsonElement? whole = root;
        var chosen = whole.At("defaultProject").Text();
        return whole.At("projects").Fields().Where(item => item.Value.At("projectType").Text() != "library")
            .OrderByDescending(item => item.Name == chosen).FirstOrDefault();
    }

    private static (string Base, string Browser) OutputOf(string name, string builder, JsonElement? path)
    {
        var root = Clean(path.Text() ?? path.At("base").Text()) ?? $"dist/{name}";
        if (builder.EndsWith(":browser", StringComparison.Ordinal))
            return (root, root);
        var browser = path.At("browser") is { ValueKind: JsonValueKind.String } value ? Clean(((JsonElement?)value).Text()) ?? "" : "browser";
        return (root, browser.Length == 0 ? root : $"{root}/{browser}");
    }

    private static string? Clean(string? path) => path is not null && Names.IsMatch(path) ? path.TrimEnd('/') : null;
}
