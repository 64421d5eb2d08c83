using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Portico.Testing;

/// <summary>
/// A network namespace that stands for a machine, with a cable to another one that stands for the outside. What runs in the first one
/// changes no packet rules, routes and settings of the real machine.
/// </summary>
public sealed class MachineNamespaces : IAsyncDisposable
{
    public const string Address = "198.18.77.1", OutsideAddress = "198.18.77.2";

    /// <summary>The end of the cable in both namespaces.</summary>
    public const string Device = "out0";

    private static int _created;
    private readonly string _machine, _outside;

    private MachineNamespaces(int number)
    {
        _machine = string.Create(CultureInfo.InvariantCulture, $"ptm{Environment.ProcessId}-{number}");
        _outside = string.Create(CultureInfo.InvariantCulture, $"pto{Environment.ProcessId}-{number}");
    }

    /// <summary>The file by which <c>nsenter --net=</c> enters the machine.</summary>
    public string Machine => $"/run/netns/{_machine}";

    /// <inheritdoc cref="Machine"/>
    public string Outside => $"/run/netns/{_outside}";

    /// <returns>Null if this machine cannot make network namespaces.</returns>
    public static async Task<MachineNamespaces?> CreateAsync(CancellationToken cancellationToken)
    {
        var namespaces = new MachineNamespaces(Interlocked.Increment(ref _created));
        foreach (var command in namespaces.Commands())
            if (!await IpAsync(command, cancellationToken))
            {
                await namespaces.DisposeAsync();
                return null;
            }
        return namespaces;
    }

    public async ValueTask DisposeAsync()
    {
        await IpAsync($"netns del {_machine}", CancellationToken.None);
        await IpAsync($"netns del {_outside}", CancellationToken.None);
    }

    private IEnumerable<string> Commands() =>
    [
        $"netns add {_machine}", $"netns add {_outside}",
        $"-n {_machine} link add {Device} type veth peer name {Device} netns {_outside}",
        $"-n {_machine} addr add {Address}/30 dev {Device}", $"-n {_machine} link set {Device} up", $"-n {_machine} link set lo up",
        $"-n {_outside} addr add {OutsideAddress}/30 dev {Device}", $"-n {_outside} link set {Device} up", $"-n {_outside} link set lo up",
        $"-n {_machine} route add default via {OutsideAddress}",
        // What knows of the private network and tries to reach it.
        $"-n {_outside} route add default via {Address}",
    ];

    private static async Task<bool> IpAsync(string arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            await ip.StandardError.ReadToEndAsync(cancellationToken);
            await ip.WaitForExitAsync(cancellationToken);
            return ip.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
