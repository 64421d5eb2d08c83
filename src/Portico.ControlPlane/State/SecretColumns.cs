using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portico.Core.Services;
using Portico.Core.Sources;

namespace Portico.ControlPlane.State;

/// <summary>Encrypts columns at rest, with keys that are stored beside the database.</summary>
internal sealed class SecretColumns(IDataProtectionProvider provider)
{
    /// <summary>A prefix that no URL has.</summary>
    private const string Hidden = "protected:";

    private readonly IDataProtector _protector = provider.CreateProtector("Portico.Secrets.v1");

    public ValueConverter<T, string> Converter<T>() where T : class =>
        new(value => Protect(value), text => Unprotect<T>(text));

    public ValueConverter<T?, string?> NullableConverter<T>() where T : class =>
        new(value => value == null ? null : Protect(value), text => text == null ? null : Unprotect<T>(text));

    /// <summary>Encrypts only the user name and password of the repository's URL in a service's settings.</summary>
    public ValueConverter<ServiceSettings, string> SettingsConverter() =>
        new(settings => StoredJson.Write(WithRepo(settings, Hide)), text => WithRepo(StoredJson.Read<ServiceSettings>(text), Show));

    private static ServiceSettings WithRepo(ServiceSettings settings, Func<string, string> change) => settings.Source.Repo is not { } url
        ? settings
        : settings with { Source = settings.Source with { Repo = change(url) } };

    private string Hide(string url) => GitUrl.Shown(url) == url ? url : Hidden + _protector.Protect(url);

    private string Show(string stored) =>
        stored.StartsWith(Hidden, StringComparison.Ordinal) ? _protector.Unprotect(stored[Hidden.Length..]) : stored;

    private string Protect<T>(T value) => _protector.Protect(StoredJson.Write(value));

    private T Unprotect<T>(string text) where T : class => StoredJson.Read<T>(_protector.Unprotect(text));
}
