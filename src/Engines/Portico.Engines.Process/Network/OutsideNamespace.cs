using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Network;

/// <summary>
/// A network namespace without processes. It exists while this object or a socket in it does, and ends with this process at the latest,
/// with all devices in it.
/// </summary>
internal sealed class OutsideNamespace : IDisposable
{
    private const string OfThread = "/proc/thread-self/ns/net";

    private readonly int _descriptor;

    private OutsideNamespace(int descriptor) => _descriptor = descriptor;

    /// <summary>The path by which programs enter it.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{_descriptor}");

    /// <exception cref="IOException">The machine refuses.</exception>
    public static OutsideNamespace Create() => OnOwnThread(() =>
    {
        if (Libc.Unshare(Libc.NetworkNamespace) != 0)
            throw Refused();
        var descriptor = Libc.Open(OfThread, Libc.OpenCloseOnExec, 0);
        return descriptor < 0 ? throw Refused() : new OutsideNamespace(descriptor);
    });

    /// <summary>Creates TCP sockets in the namespace. They stay there, whichever thread uses them.</summary>
    /// <exception cref="IOException">The machine refuses.</exception>
    public IReadOnlyList<Socket> NewSockets(IEnumerable<AddressFamily> families) => OnOwnThread(() => Libc.Enter(_descriptor, Libc.NetworkNamespace) != 0
        ? throw Refused()
        : (IReadOnlyList<Socket>)[.. families.Select(family => new Socket(family, SocketType.Stream, ProtocolType.Tcp))]);

    public void Dispose() => _ = Libc.Close(_descriptor);

    /// <summary>A thread that has changed its namespace must not do anything else afterwards.</summary>
    private static T OnOwnThread<T>(Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                result.SetResult(work());
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                result.SetException(e as IOException ?? new IOException(e.Message, e));
            }
        });
        thread.Start();
        thread.Join();
        return result.Task.GetAwaiter().GetResult();
    }

    private static IOException Refused() => new($"Network namespaces cannot be made: {Marshal.GetLastPInvokeErrorMessage()}");
}
