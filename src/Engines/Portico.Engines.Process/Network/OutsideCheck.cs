using System.Net;
using System.Net.Sockets;
using Portico.Core.Engines;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Network;

/// <summary>Connects from a network namespace that stands for the outside to everything that must not answer there.</summary>
/// <remarks>
/// <code>
/// namespace ── pair of devices ── this machine ──► what listens at all its addresses
///                                              ──► what listens at the addresses of the private network
///                                              ──► a listener of the check itself: if that does not answer, nothing is proven
/// </code>
/// </remarks>
internal sealed class OutsideCheck(string tag, OutsideTargets targets, PrivateNetwork network, TimeProvider time) : IOutsideCheck, IDisposable
{
    private const int MostTargets = 1000;

    /// <summary>Not that of a sandbox: what comes from it is from elsewhere.</summary>
    private const string DevicePrefix = "po";

    /// <summary>Longer than the first repetition of a lost packet.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1);

    private string Device => $"{DevicePrefix}{tag[..6]}";

    public async Task<OutsideFinding> RunAsync(string home, IReadOnlyCollection<int> open, CancellationToken cancellationToken)
    {
        if (Libc.EffectiveUser() != 0)
            return Impossible("only root can make network namespaces.");
        if (NetworkTools.Find() is not { Tools: { } tools })
            return Impossible($"programs that set up networks are missing. Install them: apt-get install {NetworkTools.Find().Missing}");
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await TryAsync(tools, home, open, cancellationToken);
        }
        catch (IOException e)
        {
            return Impossible(e.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<OutsideFinding> TryAsync(NetworkTools tools, string home, IReadOnlyCollection<int> open, CancellationToken cancellationToken)
    {
        var machine = await MachineNetwork.ReadAsync(tools, Device, cancellationToken);
        if (OutsideCable.FindFree(machine, tag) is not { } block)
            return Impossible("all addresses that it could use are in use on this machine.");
        using var outside = OutsideNamespace.Create();
        var cable = new OutsideCable(Device, block, tag, tools, outside);
        try
        {
            // Its namespace may still be ending.
            await cable.DisconnectAsync();
            await cable.ConnectAsync(network.Exists, cancellationToken);
            return await TryAsync(outside, cable, [.. Targets(cable, home, open)], cancellationToken);
        }
        finally
        {
            await cable.DisconnectAsync();
        }
    }

    private static OutsideFinding Impossible(string why) => new() { Restriction = why };

    private IEnumerable<IPEndPoint> Targets(OutsideCable cable, string home, IReadOnlyCollection<int> open)
    {
        var listening = targets.OnMachine(home, open).SelectMany(socket => socket.Address.Equals(IPAddress.Any) ? [new IPEndPoint(cable.Here, socket.Port)]
            : socket.Address.Equals(IPAddress.IPv6Any) ? Both(cable, socket.Port)
            : new[] { socket });
        return listening.Concat(targets.InNetwork()).Distinct().Take(MostTargets);
    }

    private static IPEndPoint[] Both(OutsideCable cable, int port) =>
        [.. new[] { cable.Here, cable.HereInSix }.OfType<IPAddress>().Select(address => new IPEndPoint(address, port))];

    private async Task<OutsideFinding> TryAsync(OutsideNamespace outside, OutsideCable cable, IPEndPoint[] tried, CancellationToken cancellationToken)
    {
        using var control = new TcpListener(cable.Here, 0);
        control.Start();
        IPEndPoint[] all = [(IPEndPoint)control.LocalEndpoint, .. tried];
        var sockets = outside.NewSockets(all.Select(address => address.AddressFamily));
        var answers = await Task.WhenAll(all.Zip(sockets, (address, socket) => AnswersAsync(socket, address, cancellationToken)));
        return answers[0]
            ? new OutsideFinding { Tried = tried.Length, Answering = [.. tried.Where((_, index) => answers[index + 1]).Select(address => address.ToString())] }
            : Impossible("another packet filter of this machine drops what comes from a new device.");
    }

    private async Task<bool> AnswersAsync(Socket socket, IPEndPoint address, CancellationToken cancellationToken)
    {
        using var ending = new CancellationTokenSource(Patience, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending.Token);
        using (socket)
            try
            {
                await socket.ConnectAsync(address, patience.Token);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
    }
}
