namespace Portico.Cli.Tests.Support;

/// <summary>Runs commands in a terminal, against a server that has the service <c>api</c> and the database <c>shop-db</c>.</summary>
public abstract class ServerCommandTest : IAsyncLifetime
{
    private protected TempFolder Folder { get; } = new();

    private protected Terminal Terminal { get; set; } = null!;

    private protected FakeServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Terminal = new Terminal(Folder);
        Server = await FakeServer.StartAsync(Folder);
        Server.Status = _ => Given.Status(Given.Service("api"), Given.Database("shop-db"));
        Arrange();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Terminal.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Changes what the server has, before each test.</summary>
    private protected virtual void Arrange()
    {
    }
}
