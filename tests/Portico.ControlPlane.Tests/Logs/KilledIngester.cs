using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Portico.ControlPlane.Logs;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Tests.Logs;

/// <summary>This executable again, as a process that only brings requests into a store, and can be killed.</summary>
internal static class KilledIngester
{
    private const string FolderVariable = "PORTICO_TEST_INGEST";

    public static LogIngester Create(string folder, LogStore store) =>
        new(store, [new RequestFeed(Path.Combine(folder, "requests"), TimeProvider.System)], new ItemRetries("log", TimeProvider.System, NullLogger.Instance));

    public static Process Start(string folder) => Process.Start(
        new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, typeof(KilledIngester).Assembly.GetName().Name!)) { Environment = { [FolderVariable] = folder } })!;

    /// <summary>Before anything of the test framework runs.</summary>
    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder)
            return;
        using var store = new LogStore(Path.Combine(folder, "logs.db"), NullLogger<LogStore>.Instance);
        var ingester = Create(folder, store);
        while (Directory.Exists(folder))
            ingester.PassAsync(CancellationToken.None).GetAwaiter().GetResult();
    }
}
