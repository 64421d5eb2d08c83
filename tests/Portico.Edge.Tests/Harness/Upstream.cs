using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portico.Core.Routing;

namespace Portico.Edge.Tests.Harness;

/// <summary>A small real web server, as an instance of a service or as the platform's server.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Upstream(WebApplication app, string id)
    {
        _app = app;
        Id = id;
    }

    public string Id { get; }

    public int Port { get; private init; }

    public RouteInstance Route => new(Id, "127.0.0.1", Port);

    public static Task<Upstream> StartAsync(RequestDelegate handler, string id = "srv-a-1") =>
        StartAsync(handler, id, kestrel => kestrel.Listen(IPAddress.Loopback, 0));

    public static Task<Upstream> StartOnSocketAsync(RequestDelegate handler, string path) =>
        StartAsync(handler, "server", kestrel => kestrel.ListenUnixSocket(path));

    public ServiceRoute Service(string name = "app", int? internalPort = null) => Routes.Live(name, internalPort, Route);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(0);
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // Killed rather than stopped, as intended.
        }
        await _app.DisposeAsync();
    }

    private static async Task<Upstream> StartAsync(
        RequestDelegate handler, string id, Action<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            listen(kestrel);
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(handler);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new Upstream(app, id) { Port = address.Contains("unix", StringComparison.Ordinal) ? 0 : new Uri(address).Port };
    }
}
