using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Logs;

internal static class LogsSetup
{
    public static IServiceCollection AddLogStore(this IServiceCollection services, PlatformPaths paths)
    {
        services.AddSingleton(provider => new LogStore(paths.LogStore, provider.GetRequiredService<ILogger<LogStore>>()));
        services.AddSingleton<LogSearch>().AddSingleton<LogCounter>().AddSingleton<LogTail>().AddSingleton<AppLog>();
        services.AddSingleton(provider => new LogIngester(provider.GetRequiredService<LogStore>(),
        [
            new RequestFeed(paths.Requests, provider.GetRequiredService<TimeProvider>()),
            new NoteFeed(provider.GetRequiredService<IDbContextFactory<PorticoDb>>(), provider.GetRequiredService<StateVersion>()),
            new EngineFeed(provider.GetRequiredService<IEngine>(), provider.GetRequiredService<TimeProvider>()),
        ], provider.GetRequiredService<RetriesFactory>().Create(LogLoop.LoopName, "log")));
        services.AddSingleton<LogLoop>();
        return services.AddHostedService(provider => provider.GetRequiredService<LogLoop>());
    }
}
