using Portico.Edge.Hosting;

namespace Portico.Edge.Proxy;

/// <summary>Redirects a host to the custom domain that it belongs to: <c>www.example.org</c> to <c>example.org</c>.</summary>
internal static class HostRedirects
{
    public static Task AnswerAsync(EdgeContext context, string host)
    {
        var (request, response) = (context.Http.Request, context.Http.Response);
        var target = RequestKind.TargetOf(context.Http) ?? request.Path.ToUriComponent() + request.QueryString.ToUriComponent();
        var port = request.Host.Port is { } given ? $":{given}" : "";
        response.StatusCode = StatusCodes.Status301MovedPermanently;
        response.Headers[RequestId.HeaderName] = context.RequestId;
        response.Headers.Location = $"{context.Scheme}://{host}{port}{(target is ['/', ..] ? target : "/")}";
        response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
