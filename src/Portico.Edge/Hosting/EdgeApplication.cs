using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;
using Portico.Edge.Connections;
using Portico.Edge.Dashboard;
using Portico.Edge.Model;
using Portico.Edge.Pages;
using Portico.Edge.Proxy;
using Portico.Edge.Records;
using Portico.Edge.Sites;

namespace Portico.Edge.Hosting;

/// <summary>
/// Answers the requests that Kestrel receives: host name → target → response. It replaces the usual middleware pipeline, which costs
/// more per request than all of the routing here.
/// </summary>
internal sealed class EdgeApplication(
    ModelStore store, ServiceProxy services, DashboardHandler platform, SiteHandler sites, AdminHandler admin,
    RequestRecorder recorder, ClientConnections connections, TimeProvider time)
    : IHttpApplication<EdgeContext>
{
    public EdgeContext CreateContext(IFeatureCollection contextFeatures)
    {
        EdgeContext context;
        if (contextFeatures is IHostContextContainer<EdgeContext> container)
            context = container.HostContext ??= new EdgeContext(contextFeatures, time);
        else
            context = new EdgeContext(contextFeatures, time);
        context.Begin(contextFeatures);
        return context;
    }

    /// <summary>Kestrel calls this when the last byte of the response is on its way.</summary>
    public void DisposeContext(EdgeContext context, Exception? exception)
    {
        recorder.Record(context);
        context.End();
    }

    public Task ProcessRequestAsync(EdgeContext context)
    {
        // A websocket ends its connection anyway, and has another value in this header.
        if (connections.IsClosing && context.Http.Request.Headers.Upgrade.Count == 0)
            context.Http.Response.Headers.Connection = "close";
        if (context.IsAdmin)
            return admin.HandleAsync(context.Http);
        var model = store.Current;
        context.Identify(model.TrustedProxies);
        if (context.Http.Features.Get<IHttpRequestFeature>()!.RawTarget.Length > model.Limits.TargetBytes)
            return context.AnswerAsync(ErrorPages.TargetTooLong);
        var route = Find(model, context.Http.Request);
        context.Route = route;
        if (route?.Target is ServiceTarget { Sources: { } sources } && !sources.Admit(context.Address))
            return context.AnswerAsync(ErrorPages.SourceNotAllowed(context.Client));
        if (route?.RedirectTo is { } other)
            return HostRedirects.AnswerAsync(context, other);
        return route?.Target switch
        {
            ServiceTarget { IsSite: true, Site: { } site } service when service.State == Core.Routing.ServiceRouteState.Live
                => sites.HandleAsync(context, model, site),
            ServiceTarget service => services.HandleAsync(context, model, service),
            PlatformTarget => platform.HandleAsync(context),
            _ => AnswerAsync(context, model),
        };
    }

    private static HostRoute? Find(EdgeModel model, HttpRequest request) =>
        HostName.TryParse(request.Headers.Host, out var host) ? model.Find(host) : null;

    private static Task AnswerAsync(EdgeContext context, EdgeModel model)
    {
        var page = !HostName.TryParse(context.Http.Request.Headers.Host, out _) ? ErrorPages.MalformedHost
            : model.Version == 0 ? ErrorPages.NoSnapshot
            : ErrorPages.UnknownHost;
        return context.AnswerAsync(page);
    }
}
