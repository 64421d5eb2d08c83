namespace Portico.EndToEnd.Support;

/// <summary>The smallest app: one web service of one file, without packages.</summary>
internal static class HelloApp
{
    public const string Name = "hello";

    public const string Blueprint = """
        services:
          - type: web
            name: hello
            runtime: node
            buildCommand: "true"
            startCommand: node server.js
        """;

    public static TestPlatform Create(IReadOnlyDictionary<string, string?>? settings = null, string? home = null)
    {
        var platform = new TestPlatform(settings, home);
        platform.Write("render.yaml", Blueprint);
        platform.Write("server.js", """
            const http = require("node:http");
            const server = http.createServer((request, response) => response.end("hello"));
            server.listen(process.env.PORT, "0.0.0.0");
            process.on("SIGTERM", () => process.exit(0));
            """);
        return platform;
    }

    public static Task<string> AskAsync(TestPlatform platform) =>
        platform.Http.GetStringAsync(platform.UrlOf(Name), TestContext.Current.CancellationToken);
}
