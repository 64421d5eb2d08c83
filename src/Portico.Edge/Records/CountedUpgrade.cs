using Microsoft.AspNetCore.Http.Features;

namespace Portico.Edge.Records;

/// <summary>A websocket's connection to the client, counted both ways.</summary>
internal sealed class CountedUpgrade(IHttpUpgradeFeature inner) : IHttpUpgradeFeature
{
    /// <summary>Null until the switch.</summary>
    public CountedStream? Connection { get; private set; }

    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => Connection = new CountedStream(await inner.UpgradeAsync());
}
