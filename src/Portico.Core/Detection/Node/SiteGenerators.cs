namespace Portico.Core.Detection.Node;

/// <summary>Tools whose build is a static site in a directory that is always the same.</summary>
internal static class SiteGenerators
{
    private static readonly (string Package, string Name, string Output)[] Known =
    [
        ("react-scripts", "Create React App", "build"),
        ("@vue/cli-service", "Vue CLI", "dist"),
        ("gatsby", "Gatsby", "public"),
        ("@docusaurus/core", "Docusaurus", "build"),
        ("@11ty/eleventy", "Eleventy", "_site"),
        ("preact-cli", "Preact CLI", "build"),
        ("@craco/craco", "Create React App", "build"),
    ];

    public static ServiceProposal? Detect(NodeApp app)
    {
        var (package, name, output) = Known.FirstOrDefault(item => app.Package.Has(item.Package));
        // With a server of its own, the app serves the pages itself.
        if (package is null || ServerFrameworks.IsStarted(app))
            return null;
        return app.Site(name, $"package.json has the dependency {package}", new Guess(output, $"{name} builds to this directory")) with
        {
            FallbackPage = Routers.FallbackOf(app),
        };
    }
}
