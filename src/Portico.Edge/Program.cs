using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Portico.Edge;
using Portico.Edge.Hosting;

const int Failed = 1, BadUsage = 2, PortTaken = 3;
var drain = TimeSpan.FromSeconds(30);

// As long as the longest that a service may take to shut down: websockets and streams go on until then.
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

// Continue on the thread that saw the socket become ready: a hand-over per read and write costs a sixth of a request.
// Nothing on these paths blocks. Read by the runtime when the first socket is made, so it must be set before.
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
    Console.Error.WriteLine($"portico-edge: port {options.Port} is already taken. Choose another with PORTICO_HTTP_PORT, or stop what uses it.");
    return PortTaken;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine($"portico-edge: cannot start on port {options.Port} with home {options.Home}: {exception.Message}");
    return Failed;
}

Console.Out.WriteLine($"portico-edge: serving on port {edge.Port}");
if (await Task.WhenAny(stop.Task, edge.HandedOver) == edge.HandedOver)
{
    Console.Out.WriteLine("portico-edge: another edge has taken over; finishing what is under way");
    using var limit = new CancellationTokenSource(handoverDrain);
    _ = stop.Task.ContinueWith(_ => limit.Cancel(), TaskScheduler.Default);
    await edge.DrainAsync(limit.Token);
}
using var deadline = new CancellationTokenSource(drain);
await edge.StopAsync(deadline.Token);
return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}
