namespace Portico.Core.Detection.Node;

/// <summary>Recognizes libraries with which a page in the browser changes its path without a request.</summary>
internal static class Routers
{
    private static readonly string[] Known =
    [
        "react-router-dom", "react-router", "vue-router", "@tanstack/react-router", "@tanstack/router", "wouter", "@solidjs/router", "svelte-routing",
        "svelte-spa-router", "preact-router", "@reach/router",
    ];

    /// <returns>The page that answers paths of the browser; null if the app has no such library, or its build writes a page for each path.</returns>
    public static Guess? FallbackOf(NodeApp app) =>
        app.Package.Script("build")?.Contains("ssg", StringComparison.Ordinal) != true && app.Package.FirstNeeded(Known) is { } router
            ? new Guess("/index.html", $"{router} has routes that exist in the browser only")
            : null;
}
