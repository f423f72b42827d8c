#compdef llmsim
# Completion of llmsim in zsh. Load it with: source <(llmsim completion zsh)

_llmsim() {
    local line="${(j: :)words[2,CURRENT-1]} $PREFIX"
    if [[ $PREFIX == --*=* ]]; then # --flag=value is looked up as --flag value.
        line="${line%"$PREFIX"}${PREFIX%%=*} ${PREFIX#*=}"
        compset -P 1 '*='
    fi

    local -a found=("${(@f)$("${words[1]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
    [[ $PREFIX == -* ]] || found=("${(@)found:#-*}")
    found=("${(@)found:#}")
    ((${#found})) && compadd -a found || _files
}

if (($+functions[compdef])); then
    compdef _llmsim llmsim
fi
