using Portico.Core.Routing;
using Portico.Edge.Sites;

namespace Portico.Edge.Dashboard;

/// <summary>The built files of the dashboard, with their headers. They are found when a page is first asked for.</summary>
internal sealed partial class DashboardFiles(string directory, ILogger<DashboardFiles> logger)
{
    /// <summary>Scripts and styles come from the platform itself, text never becomes markup, and no other page can frame the dashboard.</summary>
    internal const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>A terminal writes its styles into the page.</summary>
    internal static readonly string ShellPolicy = Policy.Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal);

    private const string AllPaths = "/*";

    private static readonly SiteHeader[] Common =
    [
        new(AllPaths, "X-Content-Type-Options", "nosniff"),
        new(AllPaths, "Referrer-Policy", "no-referrer"),
        new(AllPaths, "Cross-Origin-Opener-Policy", "same-origin"),
        new(AllPaths, "Cross-Origin-Resource-Policy", "same-origin"),
    ];

    private Loaded? _loaded;

    /// <param name="Pages">For the page itself, which browsers ask for again each time.</param>
    /// <param name="ShellPages">The same, for pages with a terminal.</param>
    /// <param name="Assets">For files with a digest in their name, which never change.</param>
    internal sealed record Loaded(Site Pages, Site ShellPages, Site Assets);

    /// <returns>Null while the dashboard is not built.</returns>
    public Loaded? Find()
    {
        if (_loaded is null && File.Exists(Path.Combine(directory, SiteManifest.FileName)))
            _loaded = Load();
        return _loaded;
    }

    private Loaded? Load()
    {
        try
        {
            var content = SiteContent.Read(directory);
            return new Loaded(With(content, "no-cache", Policy), With(content, "no-cache", ShellPolicy), With(content, "public, max-age=31536000, immutable", Policy));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            LogUnreadable(exception, directory);
            return null;
        }
    }

    private Site With(SiteContent content, string caching, string policy) => new(
        content, new StaticSiteRoute(directory, [], [.. Common, new SiteHeader(AllPaths, "Content-Security-Policy", policy), new SiteHeader(AllPaths, "Cache-Control", caching)]), []);

    [LoggerMessage(EventName = "DashboardUnreadable", Level = LogLevel.Error, Message = "The dashboard in {Directory} cannot be read.")]
    private partial void LogUnreadable(Exception exception, string directory);
}
