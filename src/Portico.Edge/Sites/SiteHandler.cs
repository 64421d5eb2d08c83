using Portico.Core.Routing;
using Portico.Edge.Hosting;
using Portico.Edge.Model;
using Portico.Edge.Pages;
using Portico.Edge.Proxy;

namespace Portico.Edge.Sites;

/// <summary>Answers requests for static sites with a file, or else the first redirect or rewrite that matches, or else the site's 404 page.</summary>
internal sealed class SiteHandler(ServiceProxy services)
{
    private readonly SiteResponder _responder = new();

    public Task HandleAsync(EdgeContext context, EdgeModel model, Site site)
    {
        var request = context.Http.Request;
        var path = request.Path.Value is { Length: > 0 } value ? value : "/";
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return HandleOtherMethodAsync(context, model, site, path);
        if (site.Content.Find(path) is { } entry)
            return _responder.SendAsync(context, site, entry, path);
        return site.FindRule(TargetOf(context)) is { } rule
            ? FollowAsync(context, model, site, path, rule.Kind, rule.Destination)
            : NotFoundAsync(context, site, path);
    }

    private Task FollowAsync(EdgeContext context, EdgeModel model, Site site, string path, SiteRedirectKind kind, string destination)
    {
        if (kind == SiteRedirectKind.Redirect)
            return RedirectAsync(context, site, path, destination);
        if (RuleDestination.HostEndOf(destination) > 0)
            return ForwardAsync(context, model, destination);
        var fragment = destination.IndexOf('#', StringComparison.Ordinal);
        var rewritten = RequestPath.Parse(fragment < 0 ? destination : destination[..fragment]);
        return site.Content.Find(rewritten.Text) is { } entry
            ? _responder.SendAsync(context, site, entry, path)
            : NotFoundAsync(context, site, path);
    }

    /// <summary>Proxies a rewrite to another service of this platform, with any method. Any other origin is refused.</summary>
    private Task ForwardAsync(EdgeContext context, EdgeModel model, string destination)
    {
        if (!Uri.TryCreate(destination, UriKind.Absolute, out var target) || model.Find(target.Host)?.Target is not ServiceTarget { IsSite: false } service)
            return context.AnswerAsync(ErrorPages.ForeignRewrite);
        // A rewrite must not bypass the inbound IP rules of its destination.
        if (service.Sources is { } sources && !sources.Admit(context.Address))
            return context.AnswerAsync(ErrorPages.SourceNotAllowed(context.Client));
        context.Transformer.PathAndQuery = RuleDestination.PathAndQueryOf(destination, context.Http.Request.QueryString.Value);
        return services.HandleAsync(context, model, service);
    }

    private Task HandleOtherMethodAsync(EdgeContext context, EdgeModel model, Site site, string path)
    {
        if (site.Content.Find(path) is null && site.FindRule(TargetOf(context)) is { Kind: SiteRedirectKind.Rewrite } rule
            && RuleDestination.HostEndOf(rule.Destination) > 0)
            return ForwardAsync(context, model, rule.Destination);
        context.Http.Response.Headers.Allow = "GET, HEAD";
        return context.AnswerAsync(ErrorPages.MethodNotAllowed);
    }

    /// <summary>The path and query as they were sent. An absolute target (<c>http://host/path</c>) has them only decoded.</summary>
    private static string TargetOf(EdgeContext context) => RequestKind.TargetOf(context.Http) ?? context.Http.Request.Path.ToUriComponent();

    private static Task RedirectAsync(EdgeContext context, Site site, string path, string destination)
    {
        var response = context.Http.Response;
        SiteResponder.SetCommonHeaders(context, site, path);
        response.StatusCode = StatusCodes.Status301MovedPermanently;
        response.Headers.Location = RuleDestination.WithQuery(destination, context.Http.Request.QueryString.Value);
        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private Task NotFoundAsync(EdgeContext context, Site site, string path)
    {
        if (site.Content.NotFound is not { } entry)
            return context.AnswerAsync(ErrorPages.NotFound);
        context.Http.Response.StatusCode = StatusCodes.Status404NotFound;
        return _responder.SendAsync(context, site, entry, path);
    }
}
