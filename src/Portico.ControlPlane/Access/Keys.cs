using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Access;

/// <summary>Creates API keys.</summary>
internal sealed class Keys(IdSource ids, TimeProvider time)
{
    /// <returns>The row to store, and the key to show once.</returns>
    public (ApiKeyRow Row, string Secret) Create(string user, string name, DateTimeOffset? expiresAt)
    {
        var secret = KeyText.Create();
        var row = new ApiKeyRow
        {
            Id = ids.New<ApiKeyId>().Value,
            UserId = user,
            Name = name,
            Hash = KeyText.Hash(secret),
            CreatedAt = time.GetUtcNow(),
            ExpiresAt = expiresAt,
        };
        return (row, secret);
    }
}
