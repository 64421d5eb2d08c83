using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Portico.Edge;
using Portico.Edge.Hosting;

const int Failed = 1, BadUsage = 2, PortTaken = 3;
var drain = TimeSpan.FromSeconds(30);

// The longest shutdown delay that a service may have: websockets and streams may continue for that long.
var handoverDrain = TimeSpan.FromSeconds(300);

EdgeOptions options;
try
{
    options = EdgeOptions.Parse(args, Environment.GetEnvironmentVariable);
}
catch (FormatException exception)
{
    Console.Error.WriteLine($"portico-edge: {exception.Message}\n{EdgeOptions.Usage}");
    return BadUsage;
}

// Continue on the thread that saw the socket become ready: switching threads for each read and write costs a sixth of a request.
// Nothing on these paths blocks. The runtime reads the variable when it makes the first socket, so it must be set before.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var loggers = new StandardErrorLoggerFactory(Console.Error);
await using var edge = new EdgeHost(options, TimeProvider.System, loggers);
try
{
    await edge.StartAsync(CancellationToken.None);
}
catch (IOException exception) when (exception.InnerException is AddressInUseException)
{
    Console.Error.WriteLine($"portico-edge: port {options.Port} is already in use. Choose another port with PORTICO_HTTP_PORT, or stop the process that uses it.");
    return PortTaken;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine($"portico-edge: cannot start on port {options.Port} with home {options.Home}: {exception.Message}");
    return Failed;
}

Say($"serving on port {edge.Port}");
if (await Task.WhenAny(stop.Task, edge.HandedOver) == edge.HandedOver)
{
    Say("another edge has taken over; finishing the open connections");
    using var limit = new CancellationTokenSource(handoverDrain);
    var drained = edge.DrainAsync(limit.Token);
    if (await Task.WhenAny(stop.Task, drained) != drained)
        await limit.CancelAsync();
    await drained;
}
using var deadline = new CancellationTokenSource(drain);
await edge.StopAsync(deadline.Token);
return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}

static void Say(string message)
{
    try
    {
        Console.Out.WriteLine($"portico-edge: {message}");
    }
    catch (IOException)
    {
        // The log's disk is full. That is no reason to stop serving.
    }
}
