using EngineConformance;

namespace Portico.Engines.Process.Tests;

/// <summary>Shell lines for what workloads do in tests.</summary>
internal static class Script
{
    public const string Serve = """exec python3 -c "import http.server,os;http.server.HTTPServer(('0.0.0.0',int(os.environ['PORT'])),type('H',(http.server.BaseHTTPRequestHandler,),{'do_GET':lambda s:(s.send_response(200),s.end_headers(),s.wfile.write(b'ok'))})).serve_forever()" """;

    public static string For(Behaviour behaviour) => behaviour switch
    {
        Behaviour.Serve => Serve,
        Behaviour.Idle => "exec sleep 300",
        Behaviour.Stubborn => "trap '' TERM; while :; do sleep 1; done",
        Behaviour.Exit exit => string.Concat(exit.Lines.Select(line => $"echo '{line}'; ")) + $"exit {exit.Code}",
        Behaviour.Print print => string.Concat(print.Lines.Select(line => $"echo '{line}'; ")) + "exec sleep 300",
        Behaviour.Echo echo => $"echo \"${echo.Variable}\"",
        Behaviour.Write write => $"echo '{write.Content}' > '{write.Path}'",
        _ => throw new ArgumentOutOfRangeException(nameof(behaviour)),
    };
}
