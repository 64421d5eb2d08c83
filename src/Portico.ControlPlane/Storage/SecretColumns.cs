using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portico.ControlPlane.Storage;

/// <summary>Columns that are encrypted at rest, with keys kept beside the database.</summary>
public sealed class SecretColumns(IDataProtectionProvider provider)
{
    private readonly IDataProtector _protector = provider.CreateProtector("Portico.Secrets.v1");

    public ValueConverter<T, string> Converter<T>() where T : class =>
        new(value => Protect(value), text => Unprotect<T>(text));

    public ValueConverter<T?, string?> NullableConverter<T>() where T : class =>
        new(value => value == null ? null : Protect(value), text => text == null ? null : Unprotect<T>(text));

    private string Protect<T>(T value) => _protector.Protect(StoredJson.Write(value));

    private T Unprotect<T>(string text) where T : class => StoredJson.Read<T>(_protector.Unprotect(text));
}
