using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portico.ControlPlane.Api.Mcp;

/// <summary>
/// The endpoint of the protocol's library. The library is loaded for the first request, in a container of its own, because most
/// platforms are never asked and would keep megabytes of it in memory.
/// </summary>
internal sealed class McpEndpoint(ILoggerFactory loggers, IHostApplicationLifetime lifetime) : IAsyncDisposable
{
    private readonly Lock _loading = new();
    private ServiceProvider? _services;
    private RequestDelegate? _handler;

    public Task HandleAsync(HttpContext context) => Handler()(context);

    public ValueTask DisposeAsync() => _services?.DisposeAsync() ?? ValueTask.CompletedTask;

    private RequestDelegate Handler()
    {
        lock (_loading)
            return _handler ??= Load();
    }

    private RequestDelegate Load()
    {
        var services = new ServiceCollection().AddSingleton(loggers).AddSingleton(lifetime).AddLogging().AddRoutingCore();
        McpProtocol.AddTo(services);
        _services = services.BuildServiceProvider();
        var routes = new Routes(_services);
        routes.MapMcp();
        return routes.DataSources.SelectMany(source => source.Endpoints).Single().RequestDelegate!;
    }

    /// <summary>Takes the library's endpoints without serving them at paths.</summary>
    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
