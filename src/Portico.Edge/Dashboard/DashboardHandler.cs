using Portico.Edge.Hosting;
using Portico.Edge.Proxy;
using Portico.Edge.Sites;

namespace Portico.Edge.Dashboard;

/// <summary>Answers on the platform's own hosts: the dashboard's files itself, also while the server is away, and everything else through the server.</summary>
internal sealed class DashboardHandler(DashboardFiles files, PlatformProxy server)
{
    private const string Assets = "/_ui/", Page = "/index.html";

    /// <summary>The first segments of pages below which there are others: those of a resource have the path of the <c>dashboardUrl</c> of Render's API.</summary>
    private static readonly string[] Kinds = ["new", "env-groups", "settings", "web", "static", "pserv", "worker", "cron", "d", "r"];

    private readonly SiteResponder _responder = new();

    public Task HandleAsync(EdgeContext context)
    {
        var request = context.Http.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return server.HandleAsync(context);
        var path = request.Path.Value ?? "/";
        if (path.StartsWith(Assets, StringComparison.Ordinal))
            return files.Find() is { } found && found.Assets.Content.Find(path) is { } asset
                ? _responder.SendAsync(context, found.Assets, asset, path)
                : context.AnswerAsync(Pages.ErrorPages.NotFound);
        return IsPage(path) && AcceptsHtml(request) && files.Find() is { } dashboard && dashboard.Pages.Content.Find(Page) is { } page
            ? _responder.SendAsync(context, IsShell(path) ? dashboard.ShellPages : dashboard.Pages, page, Page)
            : server.HandleAsync(context);
    }

    /// <summary>Whether the dashboard has a page at this path. The page itself reads the rest of it.</summary>
    internal static bool IsPage(ReadOnlySpan<char> path)
    {
        if (path is "/" or "/signin" or "/map" or "/logs" or "/env-groups" or "/settings" or "/new")
            return true;
        var rest = path[1..];
        var end = rest.IndexOf('/');
        if (end < 0 || end == rest.Length - 1)
            return false;
        foreach (var kind in Kinds)
            if (rest[..end].SequenceEqual(kind))
                return true;
        return false;
    }

    /// <summary>Whether the page at this path has a terminal.</summary>
    private static bool IsShell(string path) => path.EndsWith("/shell", StringComparison.Ordinal);

    private static bool AcceptsHtml(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
