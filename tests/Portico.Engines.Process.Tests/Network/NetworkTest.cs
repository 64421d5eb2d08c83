using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests.Network;

/// <summary>An engine on a machine of its own, with two networks.</summary>
public abstract class NetworkTest : IAsyncLifetime
{
    protected const string One = "tea-1", Two = "tea-2";

    private TestMachine? _machine;

    private protected TestMachine Machine => _machine!;

    /// <summary>What a Python program needs to serve HTTP on a port, and for some seconds nothing more.</summary>
    protected static string Http(string host, int port) => Python(
        $"import http.server;http.server.ThreadingHTTPServer(('{host}',{port}),type('H',(http.server.BaseHTTPRequestHandler,),"
        + "{'do_GET':lambda s:(s.send_response(200),s.end_headers(),s.wfile.write(b'ok')),'log_message':lambda *a:None})).serve_forever()");

    protected static string Python(string program) => $"exec python3 -c \"{program}\"";

    public async ValueTask InitializeAsync()
    {
        var isRoot = Native.Libc.EffectiveUser() == 0;
        if (isRoot)
            _machine = await TestMachine.CreateAsync();
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(!isRoot || _machine is not null, "Network namespaces must work where all must be there.");
        Assert.SkipUnless(_machine is not null, "Only root can make network namespaces.");
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
            await _machine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual async Task StartAsync()
    {
        await Machine.StartAsync();
        Assert.Null(Machine.Failure);
        Assert.Null(Machine.Network.Restriction);
        await Machine.SetNetworksAsync(Content(One, 1), Content(Two, 2));
    }

    /// <summary>A network with a resolver and one service, whose last numbers are that of the network.</summary>
    protected NetworkContent Content(string id, int number) => new()
    {
        Id = id,
        Number = number,
        Resolver = ResolverOf(number),
        Names = new Dictionary<string, string> { ["api"] = ServiceOf(number) },
        Services = [ServiceOf(number)],
    };

    protected string ServiceOf(int number) => Part(128, number);

    protected string ResolverOf(int number) => Part(240, number);

    protected string StoreOf(int number) => Part(64, number);

    protected static Revision Server(string id, string network, string line) => new()
    {
        Id = new RevisionId(id),
        Owner = $"srv-{id}",
        Name = id,
        Runtime = new WorkloadRuntime("static"),
        Command = new Command.Shell(line),
        Environment = new Dictionary<string, string>(),
        Port = new PortBinding.Assigned(),
        Health = new HealthCheck.Tcp(),
        Limits = ResourceLimits.None,
        StopGrace = TimeSpan.FromSeconds(5),
        Network = new NetworkMembership { Network = network, HostName = id },
    };

    private protected async Task<InstanceSnapshot> RunAsync(Revision revision)
    {
        await Machine.EnsureAsync(revision);
        return (await Machine.ReadyAsync(revision.Id.Value))[0];
    }

    private string Part(int third, int fourth)
    {
        var parts = Machine.Network.Range!.Split('.');
        return $"{parts[0]}.{parts[1]}.{third}.{fourth}";
    }
}
