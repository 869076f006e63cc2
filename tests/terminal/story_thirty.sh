#!/bin/sh
# Thirty invoices of three customers in three currencies, as they are typed in a day: the customer and
# the description are suggested, and taken, or typed over; each is pressed twice.
# usage: story_thirty.sh INVONCE SERVER
set -eu
. "$(dirname "$0")/tmux.sh"

start_server
run_form
wait_for 'north / ana'
wait_for 'F10'
tab=$(printf '\t')
enter=$(printf '\r')
take=$(printf '\031')
empty=$(printf '\025')

# created NUMBER: and the next one is begun.
created() {
    wait_for "$1   issued"
    wait_for 'Created '
    press n
    wait_for '[ Create invoice ]'
}

# The first of each is typed in full: number, days, currency, customer, a line, a rate.
first() {
    press -l "$1$tab$tab+$3$tab$empty$2$tab$4$tab$5$tab$6${tab}1${tab}$7$tab$8$enter$enter"
    created "$1"
}
first TH-01 EUR 30 ap@north.example 'North Ltd' 'Consulting' 100.00 21
first TH-02 USD 14 office@south.example 'South Inc' 'Support' 80.00 9
first TH-03 JPY 7 desk@east.example 'East KK' 'Hosting' 9000 10

# The others by a part of the name and of the description, whose last price comes along; each third
# has another price, and each fifth another description and all, typed over what is suggested.
north=100.00 south=80.00 east=9000
wanted='TH-01|EUR|30.0|ap@north.example|North Ltd|Consulting|1|100.00|21
TH-02|USD|14.0|office@south.example|South Inc|Support|1|80.00|9
TH-03|JPY|7.0|desk@east.example|East KK|Hosting|1|9000|10
'
for i in $(seq 4 30); do
    number=$(printf 'TH-%02d' "$i")
    case $((i % 3)) in
    1) currency=EUR days=30.0 part=nor email=ap@north.example name='North Ltd' begun=Con text=Consulting price=$north rate=21 ;;
    2) currency=USD days=14.0 part=sou email=office@south.example name='South Inc' begun=Sup text=Support price=$south rate=9 ;;
    0) currency=JPY days=7.0 part=eas email=desk@east.example name='East KK' begun=Hos text=Hosting price=$east rate=10 ;;
    esac
    press -l "$number$tab$tab$tab$empty$currency$tab$part"
    wait_for "$email"
    press -l "$take$tab$tab"
    wait_for "$name"
    if [ $((i % 5)) -eq 0 ]; then
        text="Work $i"
        price=$((i * 10))
        rate=7
        press -l "$text${tab}2$tab$price$tab$rate$enter$enter"
    else
        press -l "$begun"
        wait_for "$text"
        press -l "$take${tab}2"
        wait_for "$price"
        if [ $((i % 3)) -eq 0 ]; then
            east=$((price + i))
            price=$east
            press -l "$tab$price"
        fi
        press -l "$enter$enter"
    fi
    created "$number"
    wanted="$wanted$number|$currency|$days|$email|$name|$text|2|$price|$rate
"
done

expect '30|30|30' "$(rows 'SELECT (SELECT count(*) FROM invoices), count(DISTINCT key), count(*) FROM audit')"
expect 'created|30' "$(rows 'SELECT outcome, count(*) FROM audit GROUP BY outcome')"
expect "$wanted" "$(rows "SELECT json_extract(record, '\$.number'), json_extract(record, '\$.currency'),
    julianday(json_extract(record, '\$.due_date')) - julianday(json_extract(record, '\$.issue_date')),
    json_extract(record, '\$.customer.email'), json_extract(record, '\$.customer.name'),
    json_extract(record, '\$.lines[0].description'), json_extract(record, '\$.lines[0].quantity'),
    json_extract(record, '\$.lines[0].unit_price'), json_extract(record, '\$.lines[0].tax_rate')
    FROM invoices ORDER BY 1")
"
