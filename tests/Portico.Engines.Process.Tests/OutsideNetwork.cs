using System.Globalization;

namespace Portico.Engines.Process.Tests;

/// <summary>A machine beside this one: a network namespace with a cable to this machine.</summary>
internal sealed class OutsideNetwork : IAsyncDisposable
{
    private const string Connect = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 1.5)";
    private readonly string _name, _here, _there;

    private OutsideNetwork(int number)
    {
        _name = string.Create(CultureInfo.InvariantCulture, $"ptc{number}");
        (_here, _there) = (string.Create(CultureInfo.InvariantCulture, $"198.18.{number % 250}.1"), string.Create(CultureInfo.InvariantCulture, $"198.18.{number % 250}.2"));
    }

    public bool IsHere { get; private set; }

    public static async Task<OutsideNetwork> CreateAsync(CancellationToken cancellationToken)
    {
        var network = new OutsideNetwork(Environment.ProcessId);
        string[][] commands =
        [
            ["ip", "netns", "add", network._name],
            ["ip", "link", "add", network._name, "type", "veth", "peer", "name", "out", "netns", network._name],
            ["ip", "addr", "add", $"{network._here}/30", "dev", network._name],
            ["ip", "link", "set", network._name, "up"],
            ["ip", "-n", network._name, "addr", "add", $"{network._there}/30", "dev", "out"],
            ["ip", "-n", network._name, "link", "set", "out", "up"],
        ];
        network.IsHere = true;
        foreach (var command in commands)
            network.IsHere &= (await Tool.RunAsync(command, cancellationToken)).Succeeded;
        return network;
    }

    public async Task<bool> CanConnectAsync(int port, CancellationToken cancellationToken) => (await Tool.RunAsync(
        ["nsenter", $"--net=/run/netns/{_name}", "--", "/usr/bin/python3", "-c", Connect, _here, port.ToString(CultureInfo.InvariantCulture)], cancellationToken)).Succeeded;

    public async ValueTask DisposeAsync()
    {
        await Tool.RunAsync(["ip", "link", "del", _name], CancellationToken.None);
        await Tool.RunAsync(["ip", "netns", "del", _name], CancellationToken.None);
    }
}
