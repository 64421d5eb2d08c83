using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;
using Portico.Cli.Up;

namespace Portico.Cli.Create;

/// <summary>One <c>portico create</c>: creates a service or data store, and waits until it is live.</summary>
internal sealed class CreateRun(CliHost host, bool detach, bool asJson)
{
    public async Task<int> RunAsync(Func<ServerConnection, Task<CreatedResource>> create, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var created = await create(server);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize(created, CliJson.Readable.CreatedResource));
        else
            host.Out.WriteLine($"Created {created.Name}, {ResourceWords.Of(created.Type)} ({created.Id}).{(detach ? " Watch it with `portico status`." : "")}");
        return detach ? ExitCode.Ok : await new ResourceWait(host, server, asJson).RunAsync(created.Id, created.Name, cancellationToken);
    }
}
