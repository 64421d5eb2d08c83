using System.Net.NetworkInformation;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Portico.Core.Engines;
using Portico.Hosting.Loops;

namespace Portico.Engines.Process.Tests.Network;

/// <summary>This executable again, as a process that is only an engine, so that it can live on another machine of a test and be killed.</summary>
internal static class NetworkHost
{
    public const string HomeVariable = "PORTICO_TEST_NETWORK_HOME", RangeVariable = "PORTICO_TEST_NETWORK_RANGE";

    /// <summary>The port that stands for the edge's public one.</summary>
    public const int PublicPort = 8899;

    public const string Capabilities = "capabilities ", Snapshot = "snapshot ", Done = "done", Failed = "failed ", Outside = "outside ";

    private static Task<OutsideFinding>? _checking;
    private static CancellationTokenSource? _ending;

    public static string? AskedHome => Environment.GetEnvironmentVariable(HomeVariable);

    public static async Task RunAsync(string home)
    {
        var options = new ProcessEngineOptions { Home = home, EdgePorts = [PublicPort], NetworkRange = Environment.GetEnvironmentVariable(RangeVariable) };
        var engine = new ProcessEngine(options, new LoopRegistry(), NullLoggerFactory.Instance);
        try
        {
            await engine.StartAsync(CancellationToken.None);
        }
        catch (EngineStartException e)
        {
            Console.WriteLine(Failed + e.Message);
            return;
        }
        Console.WriteLine(Capabilities + JsonSerializer.Serialize(engine.Capabilities.PrivateNetwork));
        var watching = Task.Run(async () =>
        {
            await foreach (var snapshot in engine.WatchAsync(CancellationToken.None))
                Console.WriteLine(Snapshot + JsonSerializer.Serialize(snapshot.Instances));
        });
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await CarryOutAsync(engine, line.Split(' '));
            Console.WriteLine(Done);
        }
        await engine.DisposeAsync();
    }

    private static async Task CarryOutAsync(ProcessEngine engine, string[] words)
    {
        switch (words)
        {
            case ["ensure", var file, var count]:
                await engine.EnsureAsync(JsonFile.Read<Revision>(file)!, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), CancellationToken.None);
                break;
            case ["job", var file]:
                await engine.StartJobAsync(JsonFile.Read<JobRequest>(file)!, CancellationToken.None);
                break;
            case ["networks", var file]:
                await engine.SetNetworksAsync(JsonFile.Read<List<NetworkContent>>(file)!, CancellationToken.None);
                break;
            case ["restart", var id, var token]:
                await engine.RestartAsync(new RevisionId(id), token, CancellationToken.None);
                break;
            case ["retire", var id]:
                await engine.RetireAsync(new RevisionId(id), CancellationToken.None);
                break;
            case ["release"]:
                foreach (var instance in engine.Observe().Instances.Where(instance => instance.Status == InstanceStatus.Draining))
                    await engine.ReleaseAsync(instance.Id, CancellationToken.None);
                break;
            case ["outside", .. var open]:
                Console.WriteLine(Outside + JsonSerializer.Serialize(await engine.OutsideCheck.RunAsync(AskedHome!, [.. open.Select(int.Parse)], CancellationToken.None)));
                break;
            case ["outside-begin"]:
                _ending = new CancellationTokenSource();
                _checking = engine.OutsideCheck.RunAsync(AskedHome!, [], _ending.Token);
                while (!NetworkInterface.GetAllNetworkInterfaces().Any(device => device.Name.StartsWith("po", StringComparison.Ordinal) && device.OperationalStatus == OperationalStatus.Up))
                    await Task.Delay(5);
                break;
            case ["outside-cancel"]:
                await _ending!.CancelAsync();
                await _checking!.ContinueWith(ended => Console.WriteLine(Outside + JsonSerializer.Serialize(new OutsideFinding { Restriction = ended.Status.ToString() })), TaskScheduler.Default);
                break;
            case ["end"]:
                foreach (var owner in (await engine.ListAsync(CancellationToken.None)).Owners)
                    await engine.DeleteOwnerAsync(owner, CancellationToken.None);
                break;
        }
    }
}
